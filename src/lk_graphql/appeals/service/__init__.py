"""What customers and staff do with appeals."""
