"""Fixtures of the rules tests: the API and a customer."""

from tests.support.fixtures import anna, api

__all__ = ["anna", "api"]
