"""Fixtures of the upload tests."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
