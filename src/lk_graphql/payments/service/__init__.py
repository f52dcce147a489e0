"""What can be done with payments, a use case to a file."""
