"""The public edge: the web chat, and the only writer of chat turns.

A customer's turn is stored before anybody answers it; what the customer is to receive is stored
before it is sent. Everything here may import core/, store/ and language/, and no other program.
"""
