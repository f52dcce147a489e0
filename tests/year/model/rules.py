"""Rules that law, orders and the company set: dated rows, of which the newest start wins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from .days import days_between, later, working_day
from .money import in_proportion


class RuleMissing(LookupError):
    """There is no row for the day: nothing can be billed until somebody enters one."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class Tariff(Rule):
    category: str
    zone: str
    range_number: int
    rubles_per_kwh: Decimal
    order_reference: str


@dataclass(frozen=True, kw_only=True)
class RangeLimit(Rule):
    category: str
    range_number: int
    up_to_kwh: int | None


@dataclass(frozen=True, kw_only=True)
class KeyRate(Rule):
    percent: Decimal
    is_cap: bool = False


@dataclass(frozen=True, kw_only=True)
class VatRate(Rule):
    percent: Decimal


@dataclass(frozen=True, kw_only=True)
class DueRule(Rule):
    document_day: int
    due_day: int
    reference: str


@dataclass(frozen=True, kw_only=True)
class WindowRule(Rule):
    first_day: int
    last_day: int
    late_policy: str
    offline_days: int
    reference: str


@dataclass(frozen=True, kw_only=True)
class AnomalyRule(Rule):
    usual_times: Decimal
    usual_months: int
    least_months: int
    allowed_kw: Decimal
    reference: str


@dataclass(frozen=True, kw_only=True)
class EstimateRule(Rule):
    average_months: int
    least_months: int
    longest_run: int
    raising_factor: Decimal
    reference: str


@dataclass(frozen=True, kw_only=True)
class Norm(Rule):
    category: str
    residents: int
    kwh_per_person: Decimal
    order_reference: str


R = TypeVar("R", bound=Rule)


def newest(rows: Iterable[R], day: date, name: str) -> R:
    """The row for a day: of several the one that started last, bounded or open-ended."""
    current = newest_or_none(rows, day)
    if current is None:
        raise RuleMissing(f"{name}, {day}")
    return current


def newest_or_none(rows: Iterable[R], day: date) -> R | None:
    current = [
        row
        for row in rows
        if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)
    ]
    return max(current, key=lambda row: row.valid_from, default=None)


def split_by_ranges(volume: Decimal, ends: Sequence[int], months: int = 1) -> list[Decimal]:
    """V1 = min(V, L1), V2 = min(max(V - L1, 0), L2 - L1), V3 = max(V - L2, 0) (domain.md 2c).

    Of several months together the limits are so many times as far (strategy of domain.md 2c).
    """
    parts: list[Decimal] = []
    below = Decimal(0)
    for end in (*(Decimal(end * months) for end in ends), volume):
        parts.append(max(min(volume, end) - below, Decimal(0)))
        below = max(below, end)
    return parts


def split_by_zones(
    volumes: dict[str, Decimal], ends: Sequence[int], months: int, unit: Decimal
) -> dict[tuple[str, int], Decimal]:
    """Volume by zone and range number: each range in proportion to what is left of the zones."""
    left = dict(volumes)
    cells: dict[tuple[str, int], Decimal] = {}
    ranges = split_by_ranges(sum(volumes.values(), Decimal(0)), ends, months)
    for number, part in enumerate(ranges, start=1):
        shares = in_proportion(part, [*left.values()], unit)
        for zone, share in zip(left, shares, strict=True):
            left[zone] -= share
            if share:
                cells[zone, number] = share
    return cells


@dataclass
class Rules:
    """All rules of the supplier. What changes is a new row; no row is ever taken away."""

    tariffs: list[Tariff] = field(default_factory=list[Tariff])
    range_limits: list[RangeLimit] = field(default_factory=list[RangeLimit])
    key_rates: list[KeyRate] = field(default_factory=list[KeyRate])
    vat_rates: list[VatRate] = field(default_factory=list[VatRate])
    due_rules: list[DueRule] = field(default_factory=list[DueRule])
    window_rules: list[WindowRule] = field(default_factory=list[WindowRule])
    anomaly_rules: list[AnomalyRule] = field(default_factory=list[AnomalyRule])
    estimate_rules: list[EstimateRule] = field(default_factory=list[EstimateRule])
    norms: list[Norm] = field(default_factory=list[Norm])

    def prices(
        self, category: str, zone: str, range_number: int, first: date, last: date
    ) -> list[tuple[Tariff, int]]:
        """The tariffs of a stretch of days, each with its number of days."""
        key = (category, zone, range_number)
        rows = [row for row in self.tariffs if (row.category, row.zone, row.range_number) == key]
        parts: list[tuple[Tariff, int]] = []
        for day in days_between(first, last):
            tariff = newest(rows, day, f"tariff of {key}")
            days = parts.pop()[1] if parts and parts[-1][0] == tariff else 0
            parts.append((tariff, days + 1))
        return parts

    def range_ends(self, category: str, period: date) -> list[int]:
        """The ends of all ranges but the last: of the newest set, as of the month's first day."""
        rows = [row for row in self.range_limits if row.category == category]
        start = newest(rows, period, f"range limits of {category}").valid_from
        ends = [row.up_to_kwh for row in rows if row.valid_from == start]
        return sorted(end for end in ends if end is not None)

    def penalty_percent(self, day: date) -> Decimal:
        """The key rate, or the cap where it is lower (ПП РФ 329; "min" is domain.md's)."""
        rate = newest([row for row in self.key_rates if not row.is_cap], day, "key rate").percent
        cap = newest_or_none([row for row in self.key_rates if row.is_cap], day)
        return min(rate, cap.percent) if cap else rate

    def vat_percent(self, day: date) -> Decimal:
        """The rate of a supply that ended, or an advance that came, on a day (domain.md 2c)."""
        return newest(self.vat_rates, day, "VAT").percent

    def issue_day(self, period: date) -> date:
        """The day by which the bill of a month is issued (ЖК РФ 155)."""
        rule = newest(self.due_rules, period, "due rule")
        return later(period, 1).replace(day=rule.document_day)

    def due_day(self, period: date) -> date:
        """The last day to pay the bill of a month (ЖК РФ 155), moved as by ГК РФ 193."""
        rule = newest(self.due_rules, period, "due rule")
        return working_day(later(period, 1).replace(day=rule.due_day))

    def norm(self, category: str, residents: int, period: date) -> Decimal:
        """Kilowatt-hours a month of a household; an empty flat counts as one person (п. 56(2))."""
        people = max(residents, 1)
        rows = [row for row in self.norms if row.category == category and row.residents <= people]
        start = newest(rows, period, f"norm of {category}").valid_from
        row = max((row for row in rows if row.valid_from == start), key=lambda row: row.residents)
        return row.kwh_per_person * people
