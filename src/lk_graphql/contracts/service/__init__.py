"""What can be done with applications, by customers and by staff."""
