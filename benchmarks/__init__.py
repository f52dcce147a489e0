"""How much the server costs, against the limit and against its peers: `python -m benchmarks`."""
