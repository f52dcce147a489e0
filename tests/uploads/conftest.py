"""The cabinet, and people who upload."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
