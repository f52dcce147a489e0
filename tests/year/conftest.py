"""An import runner for the model's files, and a customer who pays in the cabinet."""

from importlib import import_module
from pathlib import Path

import pytest

from tests.factories.payments import sandbox, sandbox_server, scenario
from tests.support.fixtures import anna
from tests.support.import_runner import ImportRunner

__all__ = ["anna", "sandbox", "sandbox_server", "scenario"]

import_module("lk_graphql.payments.jobs")  # declares the jobs


@pytest.fixture
def importer(database: str, tmp_path: Path) -> ImportRunner:
    return ImportRunner(tmp_path)
