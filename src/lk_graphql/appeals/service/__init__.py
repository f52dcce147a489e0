"""Use cases of appeals, for customers and staff."""
