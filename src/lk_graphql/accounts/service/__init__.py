"""What a person can do with accounts: prove and link them, name them, let them go."""
