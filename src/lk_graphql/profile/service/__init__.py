"""What a person can do with their own profile."""
