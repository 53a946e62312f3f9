"""`python -m channels` serves the chat alone."""

from channels.main import main

if __name__ == "__main__":
    main()
