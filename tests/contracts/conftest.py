"""The cabinet, and people who apply."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
