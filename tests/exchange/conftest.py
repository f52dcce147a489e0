"""Fixtures of the exchange tests: an import runner with an empty folder, and SQL queries."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from tests.support.fixtures import anna, api, boris
from tests.support.import_runner import ImportRunner, Rows

__all__ = ["anna", "api", "boris"]


@pytest.fixture
def importer(database: str, tmp_path: Path) -> ImportRunner:
    return ImportRunner(tmp_path)


@pytest_asyncio.fixture
async def rows(opened: asyncpg.Connection) -> Rows:
    async def query(sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await opened.fetch(sql)]

    return query
