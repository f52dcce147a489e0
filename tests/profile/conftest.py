"""Fixtures of the profile tests."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
