"""GraphQL over HTTP; knows no slice."""
