"""GraphQL over HTTP; depends on no slice."""
