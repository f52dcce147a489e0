"""Plain Python for every layer: the standard library and small libraries, no framework."""
