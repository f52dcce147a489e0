"""The cabinet, people who write, and a clerk who answers."""

from importlib import import_module
from uuid import UUID

import pytest

from lk_graphql.kit.ids import new_key
from tests.support.fixtures import anna, api, boris, clara

__all__ = ["anna", "api", "boris", "clara"]

import_module("lk_graphql.appeals.jobs")  # declares the jobs


@pytest.fixture
def clerk() -> UUID:
    return new_key()
