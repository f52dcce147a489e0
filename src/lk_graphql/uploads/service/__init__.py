"""What can be done with files: announced, received, checked, taken, and forgotten."""
