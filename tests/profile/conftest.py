"""The cabinet, and people with profiles."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
