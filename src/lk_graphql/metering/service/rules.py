"""Dated rules of readings: submission windows, norms, estimates."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from lk_graphql.kit.company import Company
from lk_graphql.kit.dated_rows import newest, newest_set, newest_sql
from lk_graphql.kit.periods import last_day, month_of, shift
from lk_graphql.metering.models import EstimateRule, GapPricing, LatePolicy, WindowRule


@dataclass(frozen=True)
class WindowRuleTerms:
    """A dated row of `WindowRule`."""

    valid_from: date
    first_day: int
    last_day: int
    late_policy: LatePolicy
    offline_days: int


@dataclass(frozen=True)
class SubmissionTime:
    """The time of a submission, and the time at which its readings were taken if given."""

    now: datetime
    taken_at: datetime | None
    company: Company

    @property
    def taken_on(self) -> date:
        return self.company.today(self.moment)

    @property
    def today(self) -> date:
        return self.company.today(self.now)

    @property
    def moment(self) -> datetime:
        """The time at which the readings were taken, at most now: a device's clock may be fast."""
        return min(self.taken_at or self.now, self.now)


@dataclass(frozen=True)
class SubmissionWindow:
    """The days on which readings of a month are accepted, the first and the last included.

    From `late_from` to the end of the month before, late readings of that month count for `period`.
    The days of the month's own rule may follow immediately or after a break.
    """

    period: date
    opens_on: date
    closes_on: date
    late_from: date | None = None

    @property
    def is_late(self) -> bool:
        return self.late_from is not None

    @property
    def first_on(self) -> date:
        """The first of the consecutive days on which readings are taken."""
        return self.late_from or self.opens_on

    @property
    def last_on(self) -> date:
        """The last of these days."""
        has_break = self.is_late and self.opens_on > self.period
        return self.period - timedelta(days=1) if has_break else self.closes_on

    def is_open(self, today: date) -> bool:
        return self.first_on <= today


class Closed(StrEnum):
    """The reason why no reading is accepted today."""

    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    NO_METER = "NO_METER"
    METERS_REPORT_THEMSELVES = "METERS_REPORT_THEMSELVES"
    NOT_ANNOUNCED = "NOT_ANNOUNCED"
    NOT_YET_OPEN = "NOT_YET_OPEN"
    ENDED = "ENDED"


def window_on(today: date, rows: Iterable[WindowRuleTerms]) -> SubmissionWindow | None:
    """Return the window that is open on a day, or the next one; None if no rule is in force."""
    rules, late_from = list(rows), None
    for period in (month_of(today), shift(month_of(today), 1)):
        terms = newest(rules, period)
        if terms is None:
            continue
        opens, closes = (_day(period, day) for day in (terms.first_day, terms.last_day))
        if today <= closes:
            return SubmissionWindow(period, opens, closes, late_from)
        late_from = (
            closes + timedelta(days=1) if terms.late_policy is LatePolicy.NEXT_PERIOD else None
        )
    return None


def account_window(
    today: date, closed_on: date | None, rows: Iterable[WindowRuleTerms]
) -> SubmissionWindow | None:
    """Return the window of an account; the last day of an account is a separate window.

    The window of the last day is for the month of that day. It is the next window if no other one
    opens before it. Late days that would count for a later month count for the account's last month
    instead, because the account gets no bill of a later month.
    """
    window = window_on(today, rows)
    if closed_on is None or closed_on < today:
        return window
    if closed_on == today or (window is not None and closed_on < window.first_on):
        return SubmissionWindow(month_of(closed_on), closed_on, closed_on)
    if window is not None and window.period > closed_on:
        return SubmissionWindow(month_of(closed_on), window.first_on, closed_on)
    return window


def closed_reason(today: date, window: SubmissionWindow | None) -> Closed | None:
    """The reason by the calendar alone; None while the window is open."""
    if window is None:
        return Closed.NOT_ANNOUNCED
    if window.is_open(today):
        return None
    return Closed.NOT_YET_OPEN if window.period == month_of(today) else Closed.ENDED


def _day(period: date, number: int) -> date:
    return min(period + timedelta(days=number - 1), last_day(period))


WINDOW_STATE_SQL = """CASE WHEN first_on IS NULL THEN 'NOT_ANNOUNCED'
WHEN first_on <= {today} THEN 'OPEN'
WHEN period > {today} THEN 'ENDED' ELSE 'NOT_YET_OPEN' END"""
DAYS_LEFT_SQL = "CASE WHEN first_on <= {today} THEN last_on - {today} + 1 ELSE 0 END"
# Not generate_series: PostgreSQL estimates it at a thousand rows while the day is a parameter, and
# would never choose the generic plan.
_MONTHS = """SELECT month::date AS period,
  extract(day FROM month + interval '1 month - 1 day')::int AS days
FROM (VALUES (date_trunc('month', {today}::timestamp)),
  (date_trunc('month', {today}::timestamp) + interval '1 month')) two (month)"""
_RULE = newest_sql("first_day, last_day, late_policy", "window_rule", "period", start="from_period")
_WINDOW = f"""SELECT period, late_from IS NOT NULL AS is_late,
  coalesce(late_from, opens_on) AS first_on,
  CASE WHEN late_from IS NOT NULL AND opens_on > period THEN period - 1 ELSE closes_on END
    AS last_on
FROM (
  SELECT period, period + least(first_day, days) - 1 AS opens_on,
    period + least(last_day, days) - 1 AS closes_on,
    lag(CASE WHEN late_policy = 'NEXT_PERIOD' THEN period + least(last_day, days) END)
      OVER (ORDER BY period) AS late_from
  FROM ({_MONTHS}) months CROSS JOIN LATERAL (
    {_RULE}
  ) rule
) window_of
WHERE closes_on >= {{today}} ORDER BY period LIMIT 1"""  # noqa: S608 - constants
_ACCOUNT_WINDOW = f"""SELECT
  CASE WHEN is_last_day OR period > {{closed_on}}
    THEN date_trunc('month', {{closed_on}}::timestamp)::date ELSE period END AS period,
  CASE WHEN is_last_day THEN {{closed_on}} ELSE first_on END AS first_on,
  CASE WHEN is_last_day THEN {{closed_on}}
    WHEN last_on IS NOT NULL THEN least(last_on, {{closed_on}}) END AS last_on,
  is_late AND NOT is_last_day AND period <= coalesce({{closed_on}}, period) AS is_late
FROM (
  SELECT window_of_month.*, coalesce({{closed_on}} = {{today}}
    OR {{closed_on}} > {{today}} AND {{closed_on}} < first_on, false) AS is_last_day
  FROM (SELECT) AS single_row LEFT JOIN ({_WINDOW}) window_of_month ON true
) window_of_account"""  # noqa: S608 - constants


def account_window_sql(value: str) -> str:
    """SQL for a column of `account_window`, over the row of an account.

    `value` is `period`, `first_on`, `last_on` (`closes_on`), `is_late` or an expression above.
    """
    return f"(SELECT {value} FROM ({_ACCOUNT_WINDOW}) one)"  # noqa: S608 - constants


@dataclass(frozen=True)
class NormTerms:
    """A dated row of `Norm`: for at least `rooms` and `residents`, up to the next row's numbers."""

    residents: int
    kwh_per_person: Decimal
    valid_from: date
    rooms: int = 1


def norm_kwh(
    residents: int, period: date, rows: Iterable[NormTerms], *, rooms: int = 1
) -> Decimal | None:
    """The norm of a household for a month, in kWh; None where no order sets it.

    The newest order in force replaces all rows of earlier orders.
    """
    people = max(residents, 1)
    candidates = [
        row
        for row in newest_set(rows, period)
        if row.residents <= people and row.rooms <= max(rooms, 1)
    ]
    if not candidates:
        return None
    return max(candidates, key=lambda row: (row.rooms, row.residents)).kwh_per_person * people


def norm_shares(norm_kwh: Decimal, registers: int) -> list[Decimal]:
    """Divide the norm into equal parts of whole kWh; the first registers get the remainder.

    No known regulation divides a norm among zones.
    """
    whole, rest = divmod(int(norm_kwh.quantize(Decimal(1), ROUND_HALF_UP)), registers)
    return [Decimal(whole + (index < rest)) for index in range(registers)]


@dataclass(frozen=True)
class AnomalyThresholds:
    """A dated row of `AnomalyRule`."""

    valid_from: date
    usual_times: Decimal
    usual_months: int
    least_months: int
    allowed_kw: Decimal


@dataclass(frozen=True)
class EstimateTerms:
    """A dated row of `EstimateRule`, the numbers of the law.

    The average is of `average_months`, or as many of them as are known, but no fewer than
    `least_months`; it is used for at most `longest_run` periods in a row. `raising_factor`
    («повышающий коэффициент») multiplies the charge by the norm where a meter could have been
    installed. `gap_pricing` is the pricing of the next reading.
    """

    average_months: int
    least_months: int
    longest_run: int
    raising_factor: Decimal
    gap_pricing: GapPricing = GapPricing.ALL_MONTHS


@dataclass(frozen=True)
class Estimate:
    """The volume to bill, and the factor on its price, 1 where the price is not raised."""

    kwh: Decimal
    raising_factor: Decimal = Decimal(1)


def estimate(
    history: Sequence[Decimal],
    *,
    estimated_before: int,
    norm_kwh: Decimal,
    rule: EstimateTerms,
) -> Estimate:
    """Estimate one month of a register: the average, or else the norm («норматив») and its factor.

    The factor applies to every register, because each is of a meter that was installed.
    `history` is the metered consumption of earlier months, the newest last, without estimates;
    `estimated_before` counts the months in a row, just before this one, that were estimated.
    An average is rounded to whole kWh.
    """
    volumes = history[-rule.average_months :]
    if len(volumes) >= rule.least_months and estimated_before < rule.longest_run:
        average = sum(volumes, Decimal()) / len(volumes)
        return Estimate(average.quantize(Decimal(1), ROUND_HALF_UP))
    return Estimate(norm_kwh, rule.raising_factor)


async def window_terms() -> list[WindowRuleTerms]:
    """All rows of `WindowRule`; there are few, because a supplier seldom changes its window."""
    return [
        WindowRuleTerms(
            row.from_period, row.first_day, row.last_day, row.late_policy, row.offline_days
        )
        for row in await WindowRule.all()
    ]


async def estimate_terms(period: date) -> EstimateTerms | None:
    row = newest(await EstimateRule.all(), period)
    return row and EstimateTerms(
        row.average_months, row.least_months, row.longest_run, row.raising_factor, row.gap_pricing
    )
