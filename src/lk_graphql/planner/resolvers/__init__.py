"""The resolver path: graphql-core over batched Tortoise querysets."""
