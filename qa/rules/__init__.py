"""The ways a question is answered; each reads a conversation and gives a finding with evidence.

Phrases and weights are data of the scorecard; a rule here is code that many questions share.
"""
