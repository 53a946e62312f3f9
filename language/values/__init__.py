"""Readers of values: a text in, what it says and where out; no database, no clock, no network.

Each module reads one kind of value, typed or spoken. A reader gives nothing rather than a guess.
"""
