"""Floor 4: the people's app, for agents, supervisors and owners.

Server-rendered pages with small scripts; it reads the store, and changes a live conversation only
through the live commands of `channels`.
"""
