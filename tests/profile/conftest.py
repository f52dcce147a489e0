"""The cabinet, and people with profiles."""

from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
