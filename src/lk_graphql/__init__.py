"""The customer cabinet of an energy supplier as a GraphQL API."""
