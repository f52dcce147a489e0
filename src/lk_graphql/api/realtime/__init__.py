"""Subscriptions over two transports: graphql-transport-ws and Server-Sent Events."""
