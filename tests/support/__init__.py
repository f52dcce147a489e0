"""Clients, servers, recorders and comparisons of the tests."""
