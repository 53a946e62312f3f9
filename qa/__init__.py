"""Quality: scorecards, the rules that answer their questions with evidence, and the score.

Pure: conversations and scorecards in, evaluations out; no database, no network.
"""
