"""The cabinet, and people who ask it."""

from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
