"""GraphiQL at `/graphiql`: the page is ours, the explorer comes from npm (decision 0020)."""
