"""The rows that law sets for all suppliers, from the migrations' files (`migrations/law`)."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import asyncpg
from tortoise import Model

from lk_graphql.billing.models import CalendarDay, DueRule, PenaltyRate, PenaltyShare, VatRate
from lk_graphql.demo.data.rng import Keys
from lk_graphql.demo.data.rows import copy, table
from lk_graphql.kit.bundled import bundled_folder
from lk_graphql.metering.models import EstimateRule

T = TypeVar("T", bound=Model)
FILES: dict[type[Model], str] = {
    VatRate: "vat_rates",
    PenaltyRate: "penalty_rates",
    PenaltyShare: "penalty_shares",
    DueRule: "due_rules",
    EstimateRule: "estimate_rules",
    CalendarDay: "calendar_days",
}
_COLUMNS = {"decision": "reference"}
_DAYS = {"valid_from", "valid_to", "from_period", "day"}
_FLAGS = {"is_cap", "is_working"}
_DECIMALS = {"percent", "raising_factor"}


def law(model: type[T]) -> list[T]:
    """All rows of a table."""
    keys = Keys(FILES[model])
    return [model.construct(id=keys.new(_first_day(row)), **row) for row in _read(FILES[model])]


@cache
def _read(name: str) -> list[dict[str, Any]]:
    path = bundled_folder("migrations") / "law" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [dict(_values(row)) for row in csv.DictReader(file, delimiter=";")]


async def copy_law(connection: asyncpg.Connection) -> None:
    """Fill empty tables, such as those of a test; elsewhere, a migration has filled them."""
    for model in FILES:
        if not await connection.fetchval(f'SELECT EXISTS (SELECT FROM "{table(model)}")'):  # noqa: S608
            await copy(connection, law(model))


def _first_day(row: dict[str, Any]) -> date:
    return next(row[name] for name in ("valid_from", "from_period", "day") if name in row)


def _values(row: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for name, text in row.items():
        column = _COLUMNS.get(name, name)
        if not text or column == "reference":
            yield column, text or None
        elif column in _DAYS:
            yield column, date.fromisoformat(text)
        elif column in _FLAGS:
            yield column, text == "1"
        else:
            yield column, Decimal(text) if column in _DECIMALS else int(text)
