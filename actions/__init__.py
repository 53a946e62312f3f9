"""Rasa's hands: what the bot looks up and asks for, served to Rasa over HTTP on this machine.

Each action takes what Rasa knows of a conversation and returns events; it changes the store under
the turn's id, so that a repeated turn changes it once.
"""
