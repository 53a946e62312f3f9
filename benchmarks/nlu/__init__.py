"""How well the shipped pipeline understands: trained and asked through Rasa itself."""
