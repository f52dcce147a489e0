"""The cabinet, and people who ask it."""

from cabinet_fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
