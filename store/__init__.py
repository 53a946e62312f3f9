"""Floor 3: the only room that knows SQL, and where bytes are kept.

Gives and takes core types; every function takes the session of one transaction first, so that
the caller says what belongs together.
"""
