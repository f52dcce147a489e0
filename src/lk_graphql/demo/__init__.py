"""The demo: data, a sandbox acquirer, an embedded PostgreSQL, a mailbox."""
