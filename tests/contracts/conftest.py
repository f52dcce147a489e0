"""The cabinet, and people who apply."""

from cabinet_fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
