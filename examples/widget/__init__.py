"""A shop's page with the chat on it."""
