"""The cabinet, and people who apply."""

from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
