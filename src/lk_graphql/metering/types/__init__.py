"""GraphQL types of meters and readings; import them from the modules."""
