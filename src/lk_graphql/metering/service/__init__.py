"""Use cases of meters and readings."""
