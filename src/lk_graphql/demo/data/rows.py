"""Rows of the demo: instances of the models that are copied into their tables, never saved."""

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import orjson
from tortoise import Model


def table(model: type[Model]) -> str:
    return _described(model)["table"]


def columns(model: type[Model]) -> tuple[str, ...]:
    """The table's columns, whether Tortoise has resolved the foreign keys yet or not."""
    described = _described(model)
    names = [one["name"] for one in (described["pk_field"], *described["data_fields"])]
    parents = (*described["fk_fields"], *described["o2o_fields"])
    keys = [f"{one['name']}_id" for one in parents]
    return tuple(dict.fromkeys([*names, *keys]))


def record(row: Model, columns: Sequence[str]) -> tuple[Any, ...]:
    """The values of a row as COPY takes them; a foreign key that was not given is NULL."""
    return tuple(_copied(getattr(row, column, None)) for column in columns)


async def copy(connection: asyncpg.Connection, rows: Iterable[Model]) -> None:
    """COPY the rows, table by table, in the order in which their tables are mentioned first."""
    gathered: dict[type[Model], list[Model]] = {}
    for row in rows:
        gathered.setdefault(type(row), []).append(row)
    for model, several in gathered.items():
        names = columns(model)
        records = [record(row, names) for row in several]
        await connection.copy_records_to_table(table(model), records=records, columns=names)


def _described(model: Any) -> dict[str, Any]:
    return model.describe()


def _copied(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
