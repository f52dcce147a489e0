"""Checks of all declarations at start: columns, and which types a field may reach."""
