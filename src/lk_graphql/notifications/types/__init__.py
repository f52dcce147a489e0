"""GraphQL types of notices; import them from the modules."""
