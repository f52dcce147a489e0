"""Fixtures of the API and its customers."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
