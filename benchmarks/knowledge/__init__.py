"""How often the right article is found, and how often the search stays silent when it should."""
