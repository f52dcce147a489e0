"""The cabinet, and people who are told things."""

from tests.support.fixtures import anna, boris, cabinet, clara

__all__ = ["anna", "boris", "cabinet", "clara"]
