"""How quickly the public edge answers, and whether it loses anything; README.md has the figures."""
