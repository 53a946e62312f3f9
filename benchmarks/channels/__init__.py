"""How quickly the public edge answers; benchmarks/channels/README.md has the figures."""
