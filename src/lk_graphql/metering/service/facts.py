"""What the database knows of an account's meters and of the rules about readings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql import engine
from lk_graphql.metering.models import LatePolicy, ReadingSource, Zone
from lk_graphql.metering.service.anomalies import AnomalyTerms
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.consumption import Scale
from lk_graphql.metering.service.history import Known
from lk_graphql.metering.service.norms import NormTerms, norm_kwh
from lk_graphql.metering.service.windows import WindowTerms

# Not Tortoise's querysets: five of them cost five ways to the database and an object for each row.
# Of readings the last two that somebody took are enough, since what is sent now may replace one of
# them, and the estimates after those; and whatever was sent for this month or a later one.
_FACTS = """
SELECT closed_on, residents, ({billed_through}),
    array(SELECT (from_period, first_day, last_day, late_policy, offline_days) FROM window_rule),
    array(SELECT (from_period, usual_times, usual_months, least_months, allowed_kw)
        FROM anomaly_rule),
    array(SELECT (residents, kwh_per_person, from_period) FROM norm
        WHERE category = tariff_category),
    array(
        SELECT (register.id, meter.id, zone, label, digits, fraction_digits, ratio, removed_on,
            reports_itself, array(
                SELECT (reading.id, value, taken_on, period, source, state = 'ACCEPTED')
                FROM reading
                WHERE register_id = register.id
                AND state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW')
                AND (period >= $2 OR taken_on >= coalesce((
                    SELECT taken_on FROM reading
                    WHERE register_id = register.id
                    AND state = 'ACCEPTED' AND source <> 'ESTIMATED'
                    ORDER BY taken_on DESC, id DESC OFFSET 1 LIMIT 1
                ), '-infinity'))
                ORDER BY taken_on, reading.id
            ))
        FROM meter JOIN register ON register.meter_id = meter.id
        WHERE meter.account_id = account.id
    )
FROM account WHERE account.id = $1"""
_READ = """
SELECT register_id, array_agg(period ORDER BY taken_on, reading.id),
    array_agg(value ORDER BY taken_on, reading.id)
FROM meter JOIN register ON register.meter_id = meter.id
JOIN reading ON reading.register_id = register.id
WHERE meter.account_id = $1 AND state = 'ACCEPTED' AND source <> 'ESTIMATED'
GROUP BY register_id"""


class Living(NamedTuple):
    """A reading that counts (`is_accepted`), or may."""

    id: UUID
    known: Known
    is_accepted: bool


@dataclass(frozen=True)
class RegisterFacts:
    """A register and its newest readings that count or may, in the order of time.

    They are those that say what it showed last, and all of the month in question or a later one.
    """

    id: UUID
    meter_id: UUID
    zone: Zone
    label: str
    scale: Scale
    removed_on: date | None
    reports_itself: bool
    newest: Sequence[Living]


@dataclass(frozen=True)
class Facts:
    """All of an account's registers, those of removed meters too; and all rules, with their dates.

    `anomalies` has the first month of each rule as its key.
    """

    closed_on: date | None
    residents: int | None
    billed_through: date | None
    windows: Sequence[WindowTerms]
    anomalies: Mapping[date, AnomalyTerms]
    norms: Sequence[NormTerms]
    registers: Sequence[RegisterFacts]

    def anomaly_terms(self, period: date) -> AnomalyTerms | None:
        newest = max((month for month in self.anomalies if month <= period), default=None)
        return newest and self.anomalies[newest]

    def norm_kwh(self, period: date) -> Decimal | None:
        """Of the household; of one person where nobody knows how many live there."""
        return norm_kwh(self.residents or 1, period, self.norms)


async def facts_of(account_id: UUID, month: date, *, billing: BillingSide) -> Facts:
    """For readings of this month or a later one: one statement, however many meters there are."""
    (found,) = await engine.fetch(_statement(billing.billed_through), account_id, month)
    closed_on, residents, billed_through, windows, anomalies, norms, registers = found
    return Facts(
        closed_on,
        residents,
        billed_through,
        [_window(*rule) for rule in windows],
        {month: AnomalyTerms(*rule) for month, *rule in anomalies},
        [NormTerms(*rule) for rule in norms],
        [_register(*one) for one in registers],
    )


@cache
def _statement(billed_through: str) -> str:
    return _FACTS.replace("{billed_through}", billed_through)


async def read_before(account_id: UUID) -> Mapping[UUID, Iterable[tuple[date, Decimal]]]:
    """Of each register the months and values that somebody has read, in the order of time.

    All that count: the same season of earlier years is evidence, too.
    """
    rows = await engine.fetch(_READ, account_id)
    return {register: zip(periods, values, strict=True) for register, periods, values in rows}


def _window(month: date, first_day: int, last_day: int, late: str, offline: int) -> WindowTerms:
    return WindowTerms(month, first_day, last_day, LatePolicy(late), offline)


def _register(*row: Any) -> RegisterFacts:
    key, meter, zone, label, digits, fraction_digits, ratio, removed_on, itself, newest = row
    scale = Scale(digits, fraction_digits, ratio)
    living = [_living(*one) for one in newest]
    return RegisterFacts(key, meter, Zone(zone), label, scale, removed_on, itself, living)


def _living(key: UUID, value: Decimal, taken_on: date, *more: Any) -> Living:
    period, source, is_accepted = more
    return Living(key, Known(value, taken_on, period, ReadingSource(source)), is_accepted)
