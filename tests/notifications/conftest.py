"""The cabinet, and people who are told things."""

from tests.support.fixtures import anna, api, boris, clara

__all__ = ["anna", "api", "boris", "clara"]
