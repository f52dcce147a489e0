"""The cabinet, and people who upload."""

from cabinet_fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
