"""Fixtures of the notification tests: the API and users."""

from tests.support.fixtures import anna, api, boris, clara

__all__ = ["anna", "api", "boris", "clara"]
