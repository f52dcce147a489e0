"""GraphQL types of uploads."""
