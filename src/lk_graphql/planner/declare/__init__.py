"""What a field of a GraphQL type may come from, in terms of Tortoise models."""
