"""Fixtures of the contract tests: the API and customers."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
