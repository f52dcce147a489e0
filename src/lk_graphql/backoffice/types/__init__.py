"""The back office as staff see it."""
