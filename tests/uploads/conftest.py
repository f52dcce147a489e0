"""The cabinet, and people who upload."""

from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
