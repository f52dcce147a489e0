"""GraphiQL at `/graphiql` (decisions 0020 and 0238)."""
