"""What runs inside the Rasa process: our input channel, tracker store and log filter.

Imports Rasa, sanic, SQLAlchemy 1.4 and `core.errors`; nothing else of ours. Python 3.10.
"""
