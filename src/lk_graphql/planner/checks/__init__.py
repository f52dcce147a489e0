"""Checks of all declarations at start: columns, ownership, visibility."""
