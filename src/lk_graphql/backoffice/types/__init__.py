"""GraphQL types of the back office."""
