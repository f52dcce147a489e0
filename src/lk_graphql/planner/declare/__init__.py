"""Declarations of GraphQL types and fields in terms of Tortoise models."""
