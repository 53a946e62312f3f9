"""Slow work: recording → transcript → score, in steps that may be repeated at any moment.

The database row is the truth about a piece of work; the queue only carries the news of it. Only
this room joins speech, qa and store.
"""
