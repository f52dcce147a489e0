"""Bills, lines and readings for an explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import ReadingSource, Zone

BILLS_IN_SQL = """
SELECT json_agg(bill ORDER BY bill.period DESC) FROM (
  SELECT b.id, b.period, b.charged, b.recalculated, b.penalty,
    (SELECT coalesce(json_agg(line ORDER BY line.position), '[]') FROM (
      SELECT l.position, l.kind, l.service, l.zone, l.range_number, l.amount, l.reason, l.basis,
        l.reason_code, l.corrects_from, l.corrects_to, l.document,
        l.quantity_kwh::text AS kwh, l.rubles_per_kwh::text AS rubles_per_kwh,
        l.factor::text AS factor, now.order_reference AS tariff_order,
        earlier.rubles_per_kwh::text AS earlier_rubles_per_kwh
      FROM invoice_line l
      LEFT JOIN LATERAL (
        SELECT t.order_reference, t.valid_from FROM tariff t
        WHERE t.category = {account__tariff_category} AND t.zone = l.zone
        AND t.range_number = l.range_number AND t.rubles_per_kwh = l.rubles_per_kwh
        AND t.valid_from < b.period + interval '1 month'
        ORDER BY t.valid_from DESC LIMIT 1
      ) now ON true
      LEFT JOIN LATERAL (
        SELECT t.rubles_per_kwh FROM tariff t
        WHERE t.category = {account__tariff_category} AND t.zone = l.zone
        AND t.range_number = l.range_number AND t.valid_from < b.period
        ORDER BY t.valid_from DESC LIMIT 1
      ) earlier ON true
      WHERE l.invoice_id = b.id
    ) line) AS lines,
    (SELECT coalesce(json_agg(reading ORDER BY reading.id), '[]') FROM (
      SELECT r.id, r.source FROM invoice_reading ir JOIN reading r ON r.id = ir.current_id
      WHERE ir.invoice_id = b.id
    ) reading) AS readings
  FROM invoice b
  WHERE b.account_id = {account_id} AND b.period <= {period}
  ORDER BY b.period DESC LIMIT 2
) bill"""
"""This bill and the previous one, as JSON for `parse_bills`."""


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
    """The reading at the end of a register's month."""

    id: UUID
    source: ReadingSource


@dataclass(frozen=True)
class BillFacts:
    """A month's bill; `charged`, `recalculated` and `penalty` are its own sums, in kopecks."""

    id: UUID
    period: date
    charged: int
    recalculated: int
    penalty: int
    lines: tuple[BillLine, ...] = ()
    readings: tuple[ReadingFact, ...] = ()

    @property
    def total(self) -> int:
        return self.charged + self.recalculated + self.penalty

    @property
    def days(self) -> int:
        return last_day(self.period).day

    @property
    def is_estimated(self) -> bool:
        """Is the volume estimated; False where billing doesn't report it."""
        bases = {line.basis for line in self.lines if line.basis}
        if bases:
            return bool(bases - {VolumeBasis.METER})
        return any(reading.source is ReadingSource.ESTIMATED for reading in self.readings)

    def of_kind(self, kind: LineKind) -> tuple[BillLine, ...]:
        return tuple(line for line in self.lines if line.kind is kind)


_BILLS = TypeAdapter(list[BillFacts], config=ConfigDict(defer_build=True))


def parse_bills(rows: list[Mapping[str, Any]]) -> list[BillFacts]:
    """Parse the result of `BILLS_IN_SQL`: the bill, and the previous one if any."""
    return _BILLS.validate_python(rows)
