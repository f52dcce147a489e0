"""The staff side: types, queues and acts of their own."""
