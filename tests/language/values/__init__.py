"""Tests of the readers of values."""
