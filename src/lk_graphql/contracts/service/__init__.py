"""Use cases of contract applications, for customers and staff."""
