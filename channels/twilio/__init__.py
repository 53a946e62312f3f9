"""WhatsApp and SMS through Twilio, and what every program that Twilio calls has in common.

Only what was signed by Twilio gets in; what goes out goes through one client with time limits.
"""
