"""GraphQL types of staff; import them from the modules."""
