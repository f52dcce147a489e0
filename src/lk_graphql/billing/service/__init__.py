"""What can be done with bills; the arithmetic is in files of its own, free of any framework."""
