"""What one may begin from; nothing here is imported by Parley itself."""
