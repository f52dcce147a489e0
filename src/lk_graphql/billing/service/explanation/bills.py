"""Bills, lines and readings for an explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from pydantic import ConfigDict, TypeAdapter

from lk_graphql.accounts.service.account_days import IS_VISIBLE_SQL, MONTH_END_SQL
from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import CATEGORY_SQL
from lk_graphql.database import raw_sql
from lk_graphql.kit.dated_rows import newest_sql
from lk_graphql.kit.periods import last_day, last_day_sql
from lk_graphql.metering.models import ReadingSource, Zone
from lk_graphql.metering.service.verification import is_expired

_CATEGORY = CATEGORY_SQL.format(
    account="b.account_id", period="b.period", current="{account__tariff_category}"
)
_VISIBLE = IS_VISIBLE_SQL.format(
    days="{account__visible_days}", day=MONTH_END_SQL.format(period="b.period")
)
_SERIES = "t.category = month.category AND t.zone = l.zone AND t.range_number = l.range_number"
_NOW = newest_sql(
    "t.order_reference, t.valid_from",
    "tariff t",
    last_day_sql("b.period"),
    start="t.valid_from",
    end="t.valid_to",
    held_on="b.period",
    where=f"{_SERIES} AND t.rubles_per_kwh = l.rubles_per_kwh",
)
_EARLIER = newest_sql(
    "t.rubles_per_kwh",
    "tariff t",
    "b.period - 1",
    start="t.valid_from",
    end="t.valid_to",
    where=_SERIES,
)
# OFFSET 0 keeps PostgreSQL from computing the category anew for each line.
BILLS_SQL = f"""
SELECT json_agg(bill ORDER BY bill.period DESC) FROM (
  SELECT b.id, b.period, b.charged, b.recalculated, b.penalty,
    {{account__contract_signed_on}} AS opened_on, {{account__closed_on}} AS closed_on,
    (SELECT coalesce(json_agg(line ORDER BY line.position), '[]') FROM (
      SELECT l.position, l.kind, l.service, l.zone, l.range_number, l.amount, l.reason, l.basis,
        l.reason_code, l.corrects_from, l.corrects_to, l.document,
        l.quantity_kwh::text AS kwh, l.rubles_per_kwh::text AS rubles_per_kwh,
        l.factor::text AS factor, now.order_reference AS tariff_order,
        earlier.rubles_per_kwh::text AS earlier_rubles_per_kwh
      FROM invoice_line l
      LEFT JOIN LATERAL (
        {_NOW}
      ) now ON true
      LEFT JOIN LATERAL (
        {_EARLIER}
      ) earlier ON true
      WHERE l.invoice_id = b.id
    ) line) AS lines,
    (SELECT coalesce(json_agg(reading ORDER BY reading.id), '[]') FROM (
      SELECT r.id, r.source, r.taken_on, p.source AS previous_source,
        p.taken_on AS previous_taken_on, m.next_verification_on AS verified_until
      FROM invoice_reading ir JOIN reading r ON r.id = ir.current_id
      JOIN register g ON g.id = ir.register_id JOIN meter m ON m.id = g.meter_id
      LEFT JOIN reading p ON p.id = ir.previous_id
      WHERE ir.invoice_id = b.id
    ) reading) AS readings
  FROM invoice b CROSS JOIN LATERAL (SELECT {_CATEGORY} AS category OFFSET 0) month
  WHERE b.account_id = {{account_id}} AND b.period <= {{period}}
  AND (b.period = {{period}} OR {_VISIBLE})
  ORDER BY b.period DESC LIMIT 2
) bill"""  # noqa: S608 - constants
"""This bill and the previous one, as JSON for `parse_bills`.

A bill of an earlier holder's time doesn't count as the previous one.
"""

PREVIOUS_SQL = f"""
SELECT b.id FROM invoice b
WHERE b.account_id = {{account_id}} AND b.period < {{period}} AND {_VISIBLE}
ORDER BY b.period DESC LIMIT 1"""  # noqa: S608 - constants
"""The key of that previous bill."""


class EstimateReason(StrEnum):
    """The reason for an estimated volume: the norm applies, or the verification has expired."""

    NORM = "NORM"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True)
class BillLine:
    """A charged line; `earlier_rubles_per_kwh` is its tariff's price before the month."""

    kind: LineKind
    service: str
    amount: int
    zone: Zone | None = None
    range_number: int | None = None
    kwh: Decimal | None = None
    rubles_per_kwh: Decimal | None = None
    earlier_rubles_per_kwh: Decimal | None = None
    tariff_order: str | None = None
    basis: VolumeBasis | None = None
    factor: Decimal | None = None
    reason: str | None = None
    reason_code: RecalculationReason | None = None
    corrects_from: date | None = None
    corrects_to: date | None = None
    document: str | None = None


@dataclass(frozen=True)
class ReadingFact:
    """The reading at the end of a register's month, and the day and source of the one before.

    `verified_until` is the due date of the meter's verification, as of now.
    """

    id: UUID
    source: ReadingSource
    taken_on: date | None = None
    previous_source: ReadingSource | None = None
    previous_taken_on: date | None = None
    verified_until: date | None = None

    @property
    def span(self) -> tuple[date, date] | None:
        """The days of both readings; None if one is unknown or an estimate, which has no day."""
        sources = {self.source, self.previous_source}
        if ReadingSource.ESTIMATED in sources or not (self.taken_on and self.previous_taken_on):
            return None
        return self.previous_taken_on, self.taken_on


@dataclass(frozen=True)
class BillFacts:
    """A month's bill; `charged`, `recalculated` and `penalty` are its own sums, in kopecks.

    `opened_on` and `closed_on` are the first and the last day of the contract.
    """

    id: UUID
    period: date
    charged: int
    recalculated: int
    penalty: int
    lines: tuple[BillLine, ...] = ()
    readings: tuple[ReadingFact, ...] = ()
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def total(self) -> int:
        return self.charged + self.recalculated + self.penalty

    @cached_property
    def days(self) -> int:
        """The number of days in which the volume was used, by the readings of all meters.

        If a reading is missing or is an estimate, the days of the contract in the month.
        """
        spans = [reading.span for reading in self.readings]
        known_spans = [span for span in spans if span]
        if known_spans and len(known_spans) == len(spans):
            first = min(first for first, _ in known_spans)
            last = max(last for _, last in known_spans)
            return max(1, (last - first).days)
        first, last = self.period, last_day(self.period)
        if self.opened_on and first < self.opened_on <= last:
            first = self.opened_on
        if self.closed_on and first <= self.closed_on < last:
            last = self.closed_on
        return (last - first).days + 1

    @property
    def estimate_reason(self) -> EstimateReason | None:
        """The reason for an estimate; None if it is only known that no reading counted."""
        end = last_day(self.period)
        if any(is_expired(reading.verified_until, end) for reading in self.readings):
            return EstimateReason.EXPIRED
        is_by_norm = any(line.basis is VolumeBasis.NORM for line in self.lines)
        return EstimateReason.NORM if is_by_norm else None

    @property
    def is_estimated(self) -> bool:
        """Whether the volume is estimated; False if billing doesn't report it."""
        bases = {line.basis for line in self.lines if line.basis}
        if bases:
            return bool(bases - {VolumeBasis.METER})
        return any(reading.source is ReadingSource.ESTIMATED for reading in self.readings)

    def of_kind(self, kind: LineKind) -> tuple[BillLine, ...]:
        return tuple(line for line in self.lines if line.kind is kind)


_BILLS = TypeAdapter(list[BillFacts], config=ConfigDict(defer_build=True))


def parse_bills(rows: list[Mapping[str, Any]]) -> list[BillFacts]:
    """Parse the result of `BILLS_SQL`: the bill, and the previous one if any."""
    return _BILLS.validate_python(rows)


_COLUMNS = ("tariff_category", "visible_days", "contract_signed_on", "closed_on")
_BILLS_OF_ACCOUNT = BILLS_SQL.format(
    account_id="$1",
    period="$2::date",
    **{f"account__{name}": f"(SELECT {name} FROM account WHERE id = $1)" for name in _COLUMNS},  # noqa: S608 - constants
)


async def load_bills(account_id: UUID, period: date) -> list[BillFacts]:
    """Return the bill of a month, and the previous one if any."""
    (row,) = await raw_sql.fetch(_BILLS_OF_ACCOUNT, account_id, period)
    return parse_bills(orjson.loads(row["json_agg"]))
