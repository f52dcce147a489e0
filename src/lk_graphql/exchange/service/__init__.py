"""Files of the billing system: declarations, loading, writing, runs."""
