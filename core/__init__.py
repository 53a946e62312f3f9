"""Floor 1: the nouns of a contact centre, its errors and its settings.

Values only: no database, no model, and no network but in `core.download` and `core.weights`, which
fetch models for `parley models pull`. Everything else imports from here.
"""
