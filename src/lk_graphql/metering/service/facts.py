"""What the database knows of an account's meters and of the rules about readings."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from tortoise.connection import get_connection

from lk_graphql.accounts.models import Account
from lk_graphql.metering.models import LatePolicy, ReadingSource, Zone
from lk_graphql.metering.service.anomalies import AnomalyTerms
from lk_graphql.metering.service.consumption import Scale
from lk_graphql.metering.service.history import Known
from lk_graphql.metering.service.norms import NormTerms, norm_kwh
from lk_graphql.metering.service.windows import WindowTerms

# Not Tortoise's querysets: five of them cost five ways to the database and an object for each row.
_FACTS = """
SELECT
    array(SELECT (from_period, first_day, last_day, late_policy, offline_days) FROM window_rule)
        AS windows,
    array(SELECT (from_period, usual_times, usual_months, least_months, allowed_kw)
        FROM anomaly_rule) AS anomalies,
    array(SELECT (residents, kwh_per_person, from_period) FROM norm WHERE category = $2) AS norms,
    array(
        SELECT (register.id, meter.id, zone, label, digits, fraction_digits, ratio, removed_on,
            reports_itself)
        FROM meter JOIN register ON register.meter_id = meter.id WHERE meter.account_id = $1
    ) AS registers,
    array(
        SELECT (register_id, value, taken_on, period, source, state = 'ACCEPTED')
        FROM meter JOIN register ON register.meter_id = meter.id
        JOIN reading ON reading.register_id = register.id
        WHERE meter.account_id = $1 AND state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW')
        ORDER BY taken_on, reading.id
    ) AS readings"""


class Living(NamedTuple):
    """A reading that counts (`is_accepted`), or may."""

    known: Known
    is_accepted: bool


@dataclass(frozen=True)
class RegisterFacts:
    """A register and its readings that count or may, in the order of time."""

    id: UUID
    meter_id: UUID
    zone: Zone
    label: str
    scale: Scale
    removed_on: date | None
    reports_itself: bool
    readings: Sequence[Living]


@dataclass(frozen=True)
class Facts:
    """All of an account's registers, those of removed meters too; and all rules, with their dates.

    `anomalies` has the first month of each rule as its key.
    """

    windows: Sequence[WindowTerms]
    anomalies: Mapping[date, AnomalyTerms]
    norms: Sequence[NormTerms]
    registers: Sequence[RegisterFacts]

    def anomaly_terms(self, period: date) -> AnomalyTerms | None:
        newest = max((month for month in self.anomalies if month <= period), default=None)
        return newest and self.anomalies[newest]

    def norm_of(self, account: Account, period: date) -> Decimal | None:
        """Of the household; of one person where nobody knows how many live there."""
        return norm_kwh(account.residents or 1, period, self.norms)


async def facts_of(account: Account) -> Facts:
    """By one statement, however many meters and years there are."""
    connection: Any = get_connection("default")  # its rows are untyped
    category = account.tariff_category.value
    (row,) = await connection.execute_query_dict(_FACTS, [account.id, category])
    readings: defaultdict[UUID, list[Living]] = defaultdict(list)
    for register_id, value, taken_on, period, source, is_accepted in row["readings"]:
        known = Known(value, taken_on, period, ReadingSource(source))
        readings[register_id].append(Living(known, is_accepted))
    return Facts(
        [_window(*rule) for rule in row["windows"]],
        {month: AnomalyTerms(*rule) for month, *rule in row["anomalies"]},
        [NormTerms(*rule) for rule in row["norms"]],
        [_register(readings[one[0]], *one) for one in row["registers"]],
    )


def _window(month: date, first_day: int, last_day: int, late: str, offline: int) -> WindowTerms:
    return WindowTerms(month, first_day, last_day, LatePolicy(late), offline)


def _register(readings: Sequence[Living], *row: Any) -> RegisterFacts:
    key, meter, zone, label, digits, fraction_digits, ratio, removed_on, reports_itself = row
    scale = Scale(digits, fraction_digits, ratio)
    return RegisterFacts(key, meter, Zone(zone), label, scale, removed_on, reports_itself, readings)
