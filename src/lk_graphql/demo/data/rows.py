"""COPY of model instances into their tables."""

from collections.abc import Iterable
from typing import Any

import asyncpg
import orjson
from tortoise import Model


def table(model: type[Model]) -> str:
    return _describe(model)["table"]


def columns(model: type[Model]) -> dict[str, str]:
    """The table's columns by attribute, even before Tortoise has resolved foreign keys."""
    description = _describe(model)
    fields = (description["pk_field"], *description["data_fields"])
    parents = (*description["fk_fields"], *description["o2o_fields"])
    keys = [f"{field['name']}_id" for field in parents]
    return {field["name"]: field["db_column"] for field in fields} | {key: key for key in keys}


def record(row: Model, attributes: Iterable[str]) -> tuple[Any, ...]:
    """The values of a row for COPY; an unset foreign key is NULL."""
    return tuple(_to_copy(getattr(row, name, None)) for name in attributes)


async def copy(connection: asyncpg.Connection, rows: Iterable[Model]) -> None:
    """COPY rows by table, in the order of each table's first row."""
    rows_by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        rows_by_model.setdefault(type(row), []).append(row)
    for model, model_rows in rows_by_model.items():
        names = columns(model)
        records = [record(row, names) for row in model_rows]
        await connection.copy_records_to_table(
            table(model), records=records, columns=[*names.values()]
        )


def _describe(model: Any) -> dict[str, Any]:
    return model.describe()


def _to_copy(value: Any) -> Any:
    return orjson.dumps(value).decode() if isinstance(value, dict | list) else value
