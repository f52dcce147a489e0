"""The GraphQL types of billing."""
