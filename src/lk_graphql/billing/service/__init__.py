"""Use cases of bills; the arithmetic is in separate modules without I/O."""
