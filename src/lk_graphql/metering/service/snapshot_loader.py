"""Loading of an account's meters, readings and rules: the snapshot for `checks`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import starmap, takewhile
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.accounts.service.account_days import is_closed, is_month_visible
from lk_graphql.database import raw_sql
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.periods import month_of
from lk_graphql.metering import errors
from lk_graphql.metering.models import (
    CURRENT_STATES_SQL,
    NOT_BY_TELEPHONE_SQL,
    LatePolicy,
    ReadingSource,
    Zone,
)
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.checks import (
    MeteringSnapshot,
    ReadingEntry,
    RegisterSnapshot,
    are_ordinary,
)
from lk_graphql.metering.service.consumption import (
    EstimatedBill,
    Months,
    PriorReading,
    Scale,
    SubmittedReading,
    monthly_consumption,
    sum_months,
)
from lk_graphql.metering.service.rules import (
    AnomalyThresholds,
    NormTerms,
    SubmissionTime,
    SubmissionWindow,
    WindowRuleTerms,
    account_window,
    closed_reason,
    norm_kwh,
)

_CLOCK_TOLERANCE = timedelta(minutes=10)
"""The largest accepted lead of a telephone's clock."""

# Not Tortoise's querysets: they would take five round trips, and an object for each row. Of a
# register's readings, the last one that isn't an estimate and can't be replaced by a new reading is
# enough, with the later ones, and all readings of this month or later.
_FACTS_SQL = """
SELECT closed_on, residents, rooms, ({billed_through}),
    array(SELECT (from_period, first_day, last_day, late_policy, offline_days) FROM window_rule),
    array(SELECT (from_period, usual_times, usual_months, least_months, allowed_kw)
        FROM anomaly_rule),
    array(SELECT (norm.residents, kwh_per_person, from_period, norm.rooms) FROM norm
        WHERE category = tariff_category),
    array(
        SELECT (register.id, meter.id, zone, label, digits, fraction_digits, ratio,
            installed_on, least(meter.removed_on, register.removed_on),
            register.removed_on IS NOT NULL, reports_itself, next_verification_on, array(
                SELECT (reading.id, value, taken_on, period, source, state = 'ACCEPTED',
                    CASE WHEN batch IS NOT NULL THEN
                        date_trunc('milliseconds', least(taken_at, received_at)) END)
                FROM reading
                WHERE register_id = register.id
                AND state IN ({current_states})
                AND (period >= $2 OR taken_on >= coalesce((
                    SELECT taken_on FROM reading
                    WHERE register_id = register.id
                    AND state = 'ACCEPTED' AND source <> 'ESTIMATED'
                    AND NOT (source = 'CUSTOMER' AND period >= $2)
                    ORDER BY taken_on DESC, id DESC LIMIT 1
                ), '-infinity'))
                ORDER BY period, taken_on, reading.id
            ), array(SELECT (bill.period, bill.kwh) FROM ({estimated_bills}) bill))
        FROM meter JOIN register ON register.meter_id = meter.id
        WHERE meter.account_id = account.id
    )
FROM account WHERE account.id = $1"""
# The newest reading of an earlier month that isn't an estimate is enough: a new one can't replace
# it, and `_register_snapshot` leaves out the bills up to a later one.
_LAST_READ_MONTH = """
SELECT reading.period FROM reading WHERE reading.register_id = register.id AND state = 'ACCEPTED'
AND source <> 'ESTIMATED' AND reading.period < $2 ORDER BY taken_on DESC, reading.id DESC LIMIT 1"""
_HISTORY_SQL = """
SELECT register_id, CASE WHEN visible_days IS NOT NULL
        THEN array(SELECT (lower(days), upper(days)) FROM unnest(visible_days) days) END,
    array_agg(period ORDER BY taken_on, reading.id),
    array_agg(value ORDER BY taken_on, reading.id)
FROM meter JOIN account ON account.id = meter.account_id
JOIN register ON register.meter_id = meter.id JOIN reading ON reading.register_id = register.id
WHERE meter.account_id = $1 AND state = 'ACCEPTED' AND source <> 'ESTIMATED'
GROUP BY register_id, visible_days"""

# Not Tortoise's querysets: they would take a query per register instead of one LATERAL.
_LAST_READINGS = f"""
SELECT newest.value
FROM meter JOIN register ON register.meter_id = meter.id
CROSS JOIN LATERAL (
    SELECT value FROM reading
    WHERE reading.register_id = register.id AND state = 'ACCEPTED' AND {NOT_BY_TELEPHONE_SQL}
    ORDER BY taken_on DESC, id DESC LIMIT 1
) newest
WHERE meter.account_id = $1 AND meter.removed_on IS NULL AND register.removed_on IS NULL
"""  # noqa: S608 - a constant


async def load_snapshot(
    account_id: UUID,
    time: SubmissionTime,
    entries: Iterable[ReadingEntry] | None = None,
    *,
    billing: BillingGateway,
) -> MeteringSnapshot:
    """Load the snapshot to check `entries` against, or any entries if there are none.

    The history takes a second statement, which is skipped if none of `entries` needs it.
    """
    facts = await _load_facts(account_id, month_of(time.taken_on), billing=billing)
    window = account_window(time.taken_on, facts.closed_on, facts.windows)
    period = window.period if window else month_of(time.taken_on)
    refusal = (
        _time_refusal(time, facts, window)
        or _closed_refusal(facts.closed_on, time.taken_on, window)
        or _billed_refusal(period, facts.billed_through)
    )
    snapshot = MeteringSnapshot(
        registers={register.id: register for register in facts.registers(period)},
        history={},
        period=period,
        taken_on=time.taken_on,
        norm_kwh=facts.norm_kwh(period),
        terms=facts.anomaly_terms(period),
        moment=time.moment,
        refusal=refusal,
    )
    if entries is not None and are_ordinary(snapshot, entries):
        return snapshot
    return replace(snapshot, history=await _load_history(account_id, snapshot.registers))


async def last_readings(account_id: UUID) -> list[Decimal]:
    """The last accepted values in kWh, one for each register in use; none by telephone.

    They prove an account, and a caller reports a reading without a proof. One statement, also for
    an unknown account, which has no values.
    """
    rows = await raw_sql.fetch(_LAST_READINGS, account_id)
    return [row["value"] for row in rows]


# The facts of an account: its registers and rules as rows.


class _CurrentReading(NamedTuple):
    """An accepted or pending reading."""

    id: UUID
    reading: PriorReading
    is_accepted: bool
    moment: datetime | None


@dataclass(frozen=True)
class _AccountFacts:
    """An account's registers, removed ones included, and the rules of all periods."""

    closed_on: date | None
    residents: int | None
    rooms: int | None
    billed_through: date | None
    windows: Sequence[WindowRuleTerms]
    anomalies: Sequence[AnomalyThresholds]
    norms: Sequence[NormTerms]
    register_rows: Sequence[Sequence[Any]]

    def registers(self, period: date) -> Iterator[RegisterSnapshot]:
        """The registers before a new reading of the period."""
        return (_register_snapshot(period, *row) for row in self.register_rows)

    def anomaly_terms(self, period: date) -> AnomalyThresholds | None:
        return newest(self.anomalies, period)

    def norm_kwh(self, period: date) -> Decimal | None:
        """The norm of the household; unknown residents are one person, unknown rooms one room."""
        return norm_kwh(self.residents or 1, period, self.norms, rooms=self.rooms or 1)


async def _load_facts(account_id: UUID, month: date, *, billing: BillingGateway) -> _AccountFacts:
    """Load the facts for readings of this month or a later one, by one statement."""
    query = _facts_sql(billing.billed_through, billing.estimated_bills)
    (row,) = await raw_sql.fetch(query, account_id, month)
    closed_on, residents, rooms, billed_through, windows, anomalies, norms, registers = row
    return _AccountFacts(
        closed_on=closed_on,
        residents=residents,
        rooms=rooms,
        billed_through=billed_through,
        windows=[_window_rule(*rule) for rule in windows],
        anomalies=[AnomalyThresholds(*rule) for rule in anomalies],
        norms=[NormTerms(*rule) for rule in norms],
        register_rows=registers,
    )


@cache
def _facts_sql(billed_through: str, estimated_bills: str) -> str:
    since = f"({_LAST_READ_MONTH})"
    return _FACTS_SQL.format(
        billed_through=billed_through,
        estimated_bills=estimated_bills.format(since=since),
        current_states=CURRENT_STATES_SQL,
    )


def _window_rule(
    month: date, first_day: int, last_day: int, late: str, offline_days: int
) -> WindowRuleTerms:
    return WindowRuleTerms(month, first_day, last_day, LatePolicy(late), offline_days)


def _current_reading(key: UUID, value: Decimal, taken_on: date, *rest: Any) -> _CurrentReading:
    period, source, is_accepted, moment = rest
    return _CurrentReading(
        key, PriorReading(value, taken_on, period, ReadingSource(source)), is_accepted, moment
    )


def _register_snapshot(period: date, *row: Any) -> RegisterSnapshot:
    """The snapshot of a register; its row has its current readings by their months.

    An estimate is dated at the end of its month, so a late reading, which counts for the next
    month, may have been taken before it.
    """
    key, meter_id, zone, label, digits, fraction_digits, ratio, *state, reading_rows, bills = row
    installed_on, removed_on, is_former, reports_itself, verified_until = state
    current = [_current_reading(*reading) for reading in reading_rows]
    newest_first = [
        one.reading
        for one in reversed(current)
        if one.is_accepted and not _is_replaced(one.reading, period)
    ]
    estimates = [*takewhile(lambda reading: not reading.is_read, newest_first)]
    last_read = next((reading for reading in newest_first if reading.is_read), None)
    return RegisterSnapshot(
        id=key,
        meter_id=meter_id,
        zone=Zone(zone),
        label=label,
        scale=Scale(digits, fraction_digits, ratio),
        last_read=last_read,
        estimates=estimates[::-1],
        estimated_bills=[
            bill
            for bill in starmap(EstimatedBill, bills)
            if last_read and bill.period > last_read.period
        ],
        installed_on=installed_on,
        removed_on=removed_on,
        is_former=is_former,
        reports_itself=reports_itself,
        verified_until=verified_until,
        submitted=[
            SubmittedReading(one.id, one.is_accepted, one.reading.taken_on, one.moment)
            for one in current
            if _is_replaced(one.reading, period)
        ],
    )


def _is_replaced(reading: PriorReading, period: date) -> bool:
    """Return True if a new reading of the period would replace it.

    This includes a reading that counted for a later month before the submission window was moved.
    """
    return reading.source is ReadingSource.CUSTOMER and reading.period >= period


# The consumption history.


async def _load_history(
    account_id: UUID, registers: Mapping[UUID, RegisterSnapshot]
) -> dict[UUID, Months]:
    """The monthly consumption of each register, with that of its predecessors.

    It has the months that the present holder may see. All of them, because the same season of
    earlier years is evidence, too. The reading with which they begin may be an earlier holder's.
    """
    rows = await raw_sql.fetch(_HISTORY_SQL, account_id)
    of_register = dict[UUID, Months]()
    for key, days, periods, values in rows:
        months = monthly_consumption(zip(periods, values, strict=True), registers[key].scale)
        of_register[key] = {
            month: kwh for month, kwh in months.items() if is_month_visible(days, month)
        }
    history = dict[UUID, Months]()
    for register, predecessor in _in_succession(registers.values()):
        earlier = [history[predecessor.id]] if predecessor else []
        history[register.id] = sum_months([*earlier, of_register.get(register.id, {})])
    return history


def _in_succession(
    registers: Iterable[RegisterSnapshot],
) -> Iterator[tuple[RegisterSnapshot, RegisterSnapshot | None]]:
    """Each register after its predecessor, and with it.

    The predecessor counted in the same zone, and of several it was the last one to be removed
    before the register was installed. It has one successor: meters that are in use at the same time
    count different energy.
    """
    unreplaced = list[RegisterSnapshot]()
    for register in sorted(registers, key=lambda one: (one.installed_on, _end(one))):
        earlier = [
            one
            for one in unreplaced
            if one.zone is register.zone and _end(one) <= register.installed_on
        ]
        predecessor = max(earlier, key=_end, default=None)
        if predecessor:
            unreplaced.remove(predecessor)
        unreplaced.append(register)
        yield register, predecessor


def _end(register: RegisterSnapshot) -> date:
    return register.removed_on or date.max


# The reasons to accept no reading at all.


def _time_refusal(
    time: SubmissionTime, facts: _AccountFacts, window: SubmissionWindow | None
) -> Refusal | None:
    """Refuse a time in the future, or more days ago than offline readings may be late.

    `window` is the window of the reading's day. If no reading is accepted today, the result is
    today's refusal. Otherwise the refusal names the days of a window only if it is today's window,
    because the device's clock may be wrong by years.
    """
    if time.taken_at and time.taken_at > time.now + _CLOCK_TOLERANCE:
        return errors.TakenInFuture("takenAt")
    days_late = (time.today - time.taken_on).days
    rule = newest(facts.windows, window.period if window else month_of(time.taken_on))
    if days_late <= 0 or (rule and days_late <= rule.offline_days):
        return None
    window_today = account_window(time.today, facts.closed_on, facts.windows)
    refusal = _closed_refusal(facts.closed_on, time.today, window_today)
    if refusal is None and window == window_today:
        refusal = _closed_refusal(facts.closed_on, time.taken_on, window)
    return refusal or errors.TakenTooLongAgo("takenAt")


def _closed_refusal(
    closed_on: date | None, day: date, window: SubmissionWindow | None
) -> Refusal | None:
    """Refuse a day on which no reading is taken."""
    if is_closed(closed_on, day) or window is None:
        return errors.ReadingsNotTaken("accountId")
    if closed_reason(day, window):
        days = {"opens_on": window.opens_on, "closes_on": window.closes_on}
        return errors.WindowClosed("takenAt", **days)
    return None


def _billed_refusal(period: date, billed_through: date | None) -> Refusal | None:
    is_billed = billed_through is not None and period <= billed_through
    return errors.PeriodBilled("takenAt") if is_billed else None
