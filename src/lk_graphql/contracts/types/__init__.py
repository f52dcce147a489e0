"""GraphQL types of contracts."""
