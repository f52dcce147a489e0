"""Fixtures of the appeal tests: the API, customers and a clerk."""

from importlib import import_module
from uuid import UUID

import pytest

from lk_graphql.kit.ids import new_key
from tests.support.fixtures import anna, api, boris, clara

__all__ = ["anna", "api", "boris", "clara"]

import_module("lk_graphql.appeals.jobs")  # registers the jobs


@pytest.fixture
def clerk() -> UUID:
    return new_key()
