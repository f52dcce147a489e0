"""GraphiQL at `/graphiql`; its scripts come from npm (decision 0020)."""
