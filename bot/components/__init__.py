"""What we add to Rasa's pipeline: sentences as vectors, and an intent classifier on them."""
