"""Use cases of notices: creation, delivery, settings, the calendar."""
