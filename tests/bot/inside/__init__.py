"""Programs that tests run inside the Rasa environment (Python 3.10, no pytest)."""
