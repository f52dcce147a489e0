"""Loading of an account's meters, readings and rules before new readings are checked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.periods import month_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.models import LatePolicy, ReadingSource, ReadingState, Zone
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.checks import (
    AnomalyThresholds,
    Entry,
    MeteringSnapshot,
    RegisterSnapshot,
    SubmittedReading,
    are_ordinary,
)
from lk_graphql.metering.service.consumption import (
    KnownReading,
    Months,
    Scale,
    monthly_consumption,
    sum_months,
)
from lk_graphql.metering.service.rules import (
    NormTerms,
    SubmissionWindow,
    WindowRuleTerms,
    closed_reason,
    norm_kwh,
    terms_for,
    window_on,
)

# Not Tortoise's querysets: five of them cost five ways to the database and an object for each row.
# Of readings the last two that somebody took are enough, since what is sent now may replace one of
# them, and the estimates after those; and whatever was sent for this month or a later one.
_FACTS_SQL = """
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
_READINGS_SQL = """
SELECT register_id, array_agg(period ORDER BY taken_on, reading.id),
    array_agg(value ORDER BY taken_on, reading.id)
FROM meter JOIN register ON register.meter_id = meter.id
JOIN reading ON reading.register_id = register.id
WHERE meter.account_id = $1 AND state = 'ACCEPTED' AND source <> 'ESTIMATED'
GROUP BY register_id"""


class CurrentReading(NamedTuple):
    """A reading that counts (`is_accepted`), or may."""

    id: UUID
    known: KnownReading
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
    newest: Sequence[CurrentReading]


@dataclass(frozen=True)
class AccountFacts:
    """All of an account's registers, those of removed meters too; and all rules, with their dates.

    `anomalies` has the first month of each rule as its key.
    """

    closed_on: date | None
    residents: int | None
    billed_through: date | None
    windows: Sequence[WindowRuleTerms]
    anomalies: Mapping[date, AnomalyThresholds]
    norms: Sequence[NormTerms]
    registers: Sequence[RegisterFacts]

    def anomaly_terms(self, period: date) -> AnomalyThresholds | None:
        newest = max((month for month in self.anomalies if month <= period), default=None)
        return newest and self.anomalies[newest]

    def norm_kwh(self, period: date) -> Decimal | None:
        """Of the household; of one person where nobody knows how many live there."""
        return norm_kwh(self.residents or 1, period, self.norms)


async def facts_of(account_id: UUID, month: date, *, billing: BillingGateway) -> AccountFacts:
    """For readings of this month or a later one: one statement, however many meters there are."""
    (found,) = await raw_sql.fetch(_statement(billing.billed_through), account_id, month)
    closed_on, residents, billed_through, windows, anomalies, norms, registers = found
    return AccountFacts(
        closed_on,
        residents,
        billed_through,
        [_window(*rule) for rule in windows],
        {month: AnomalyThresholds(*rule) for month, *rule in anomalies},
        [NormTerms(*rule) for rule in norms],
        [_register_facts(*one) for one in registers],
    )


@cache
def _statement(billed_through: str) -> str:
    return _FACTS_SQL.replace("{billed_through}", billed_through)


async def read_before(account_id: UUID) -> Mapping[UUID, Iterable[tuple[date, Decimal]]]:
    """Of each register the months and values that somebody has read, in the order of time.

    All that count: the same season of earlier years is evidence, too.
    """
    rows = await raw_sql.fetch(_READINGS_SQL, account_id)
    return {register: zip(periods, values, strict=True) for register, periods, values in rows}


def _window(month: date, first_day: int, last_day: int, late: str, offline: int) -> WindowRuleTerms:
    return WindowRuleTerms(month, first_day, last_day, LatePolicy(late), offline)


def _register_facts(*row: Any) -> RegisterFacts:
    key, meter, zone, label, digits, fraction_digits, ratio, removed_on, itself, newest = row
    scale = Scale(digits, fraction_digits, ratio)
    living = [_current_reading(*one) for one in newest]
    return RegisterFacts(key, meter, Zone(zone), label, scale, removed_on, itself, living)


def _current_reading(key: UUID, value: Decimal, taken_on: date, *more: Any) -> CurrentReading:
    period, source, is_accepted = more
    return CurrentReading(
        key, KnownReading(value, taken_on, period, ReadingSource(source)), is_accepted
    )


PENDING_STATES = (ReadingState.NEEDS_CONFIRMATION, ReadingState.ON_REVIEW)
CURRENT_STATES = (ReadingState.ACCEPTED, *PENDING_STATES)
"""What still counts, or may."""
_LOCK = """
SELECT account.id FROM account JOIN account_link AS link ON link.account_id = account.id
WHERE account.id = $1 AND link.user_id = $2 AND link.state = 'ACTIVE'
FOR NO KEY UPDATE OF account"""
_CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far a telephone's clock may be ahead."""


@dataclass(frozen=True)
class SubmissionTime:
    """When readings came, and when they were taken, if the client said it."""

    now: datetime
    taken_at: datetime | None
    company: Company

    @property
    def taken_on(self) -> date:
        return self.company.today(self.taken_at or self.now)

    @property
    def today(self) -> date:
        return self.company.today(self.now)


async def own_account(viewer: Viewer, account_id: UUID | None) -> Account:
    """An account that the viewer has linked. Raises `AccountNotFound`."""
    mine = Account.filter(links__user_id=viewer.id, links__state=LinkState.ACTIVE)
    account = await mine.get_or_none(id=account_id)
    if account is None:
        raise errors.ReadingAccountNotFound("accountId")
    return account


async def lock_own_account(viewer: Viewer, account_id: UUID | None) -> UUID:
    """The account's key, when the viewer has it linked; locked as by `lock_account`.

    Raises `AccountNotFound`.
    """
    found = await raw_sql.fetch(_LOCK, account_id, viewer.id)
    if not found:
        raise errors.ReadingAccountNotFound("accountId")
    return found[0]["id"]


async def load_snapshot(
    account_id: UUID,
    time: SubmissionTime,
    entries: Iterable[Entry] | None = None,
    *,
    billing: BillingGateway,
) -> MeteringSnapshot:
    """All that the checks need to know: for these entries, or for any.

    One statement, or two: what goes by the norm alone needs no history.
    """
    facts = await facts_of(account_id, month_of(time.taken_on), billing=billing)
    window = window_on(time.taken_on, facts.windows)
    period = window.period if window else month_of(time.taken_on)
    book = MeteringSnapshot(
        {one.id: _register(one, period) for one in facts.registers},
        {},
        period,
        time.taken_on,
        facts.norm_kwh(period),
        facts.anomaly_terms(period),
        _closed_refusal(facts.closed_on, time, window)
        or _time_refusal(time, terms_for(period, facts.windows))
        or _billed_refusal(period, facts.billed_through),
    )
    if entries is not None and are_ordinary(book, entries):
        return book
    return replace(book, history=_history(book.registers, await read_before(account_id)))


def _register(facts: RegisterFacts, period: date) -> RegisterSnapshot:
    sent = [
        SubmittedReading(key, counts)
        for key, known, counts in facts.newest
        if _own_readings(known, period)
    ]
    others = [
        known for _, known, counts in facts.newest if counts and not _own_readings(known, period)
    ]
    newest = others[::-1]
    return RegisterSnapshot(
        facts.id,
        facts.meter_id,
        facts.zone,
        facts.label,
        facts.scale,
        next((known for known in newest if known.is_read), None),
        next(iter(newest), None),
        facts.removed_on,
        facts.reports_itself,
        sent,
        len([*takewhile(lambda known: not known.is_read, newest)]),
    )


def _own_readings(reading: KnownReading, period: date) -> bool:
    """Whether a new reading of the period would replace it."""
    return reading.source is ReadingSource.CUSTOMER and reading.period == period


def _history(
    registers: Mapping[UUID, RegisterSnapshot], read: Mapping[UUID, Iterable[tuple[date, Decimal]]]
) -> dict[Zone, Months]:
    """The months of each zone, over all meters that the account has had."""
    by_zone: defaultdict[Zone, list[Months]] = defaultdict(list)
    for key, values in read.items():
        one = registers[key]
        by_zone[one.zone].append(monthly_consumption(values, one.scale))
    return {zone: sum_months(several) for zone, several in by_zone.items()}


def _closed_refusal(
    closed_on: date | None, time: SubmissionTime, window: SubmissionWindow | None
) -> Refusal | None:
    is_closed = closed_on is not None and closed_on <= time.taken_on
    if is_closed or window is None:
        return errors.ReadingsNotTaken("accountId")
    if closed_reason(time.taken_on, window):
        days = {"opens_on": window.opens_on, "closes_on": window.closes_on}
        return errors.WindowClosed("takenAt", **days)
    return None


def _time_refusal(time: SubmissionTime, rule: WindowRuleTerms | None) -> Refusal | None:
    """A moment of today is always in time; earlier ones are what a phone kept back."""
    if time.taken_at and time.taken_at > time.now + _CLOCK_TOLERANCE:
        return errors.TakenInFuture("takenAt")
    late = (time.today - time.taken_on).days
    if late > 0 and (rule is None or late > rule.offline_days):
        return errors.TakenTooLongAgo("takenAt")
    return None


def _billed_refusal(period: date, billed_through: date | None) -> Refusal | None:
    is_billed = billed_through is not None and period <= billed_through
    return errors.PeriodBilled("takenAt") if is_billed else None


# Not Tortoise's querysets: "the newest of each" is one LATERAL here and a query per register there.
_LAST_READINGS = """
SELECT newest.value
FROM meter JOIN register ON register.meter_id = meter.id
CROSS JOIN LATERAL (
    SELECT value FROM reading
    WHERE reading.register_id = register.id AND state = 'ACCEPTED'
    ORDER BY taken_on DESC, id DESC LIMIT 1
) newest
WHERE meter.account_id = $1 AND meter.removed_on IS NULL"""


async def last_readings(account_id: UUID) -> list[Decimal]:
    """Of each register of the meters in use, the last accepted value in kWh.

    One statement; nothing for an account that isn't there.
    """
    rows = await raw_sql.fetch(_LAST_READINGS, account_id)
    return [row["value"] for row in rows]
