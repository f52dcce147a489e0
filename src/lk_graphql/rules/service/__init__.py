"""Use cases of rules."""
