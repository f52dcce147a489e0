"""Idempotency and rate limits, shared by the slices."""
