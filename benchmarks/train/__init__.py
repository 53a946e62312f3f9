"""Trains the small heads that Parley ships; see README.md."""
