"""From selected fields to the SQL that builds the answer as JSON."""
