"""Letters to customers: by a real SMTP server, or into a folder where none is set up.

Programs write the letters and give them here; it knows no database and reads no conversation.
"""
