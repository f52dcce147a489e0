"""Benchmarks of the server against a lower bound and against peers: `python -m benchmarks`."""
