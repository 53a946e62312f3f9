"""How often the service scorecard's questions of conduct are answered right.

`talks.txt` are conversations that the rules were made with; `blind.tsv` are others.
"""
