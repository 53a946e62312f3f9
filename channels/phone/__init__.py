"""The phone: the same conversation as everywhere, spoken; what a caller hears and what is heard.

Twilio asks for each step over HTTP and is answered with TwiML. Only pure readings and the
switchboard live here; turns are stored by channels.dialogue like those of every other door.
"""
