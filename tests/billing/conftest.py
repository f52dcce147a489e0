"""The cabinet, and people who ask it."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
