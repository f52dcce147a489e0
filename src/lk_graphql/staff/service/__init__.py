"""Use cases of staff members."""
