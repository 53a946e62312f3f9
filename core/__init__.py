"""Floor 1: the nouns of a contact centre, its errors and its settings.

Values only: no database, no network, no model. Everything else imports from here.
"""
