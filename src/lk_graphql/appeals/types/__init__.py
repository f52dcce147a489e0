"""GraphQL types of appeals."""
