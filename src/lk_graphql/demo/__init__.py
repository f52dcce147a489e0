"""Everything that only the demo needs: data, an acquirer, a PostgreSQL, a mailbox."""
