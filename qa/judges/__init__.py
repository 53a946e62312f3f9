"""Judgements of a whole conversation by small trained models: settled, annoyed, calm, satisfied.

Values in, findings out. `digest` turns a conversation into numbers, `judge` weighs them, `cite`
names the turns that they rest on. Training lives in `benchmarks/train`, the files in `qa/heads`.
"""
