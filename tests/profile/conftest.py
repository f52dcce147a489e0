"""The cabinet, and people with profiles."""

from cabinet_fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
