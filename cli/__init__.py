"""Floor 4: what an operator types. One module a command; output to read, or JSON to pipe.

The only room that may import the other programs, and only to run them.
"""
