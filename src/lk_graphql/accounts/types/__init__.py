"""GraphQL types of accounts; import them from the modules."""
