"""GraphQL types of profiles."""
