"""Reading up on an account before new readings of it are checked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from uuid import UUID

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.periods import month_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.models import ReadingSource, ReadingState, Zone
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.checks import Book, KnownRegister
from lk_graphql.metering.service.facts import RegisterFacts, facts_of
from lk_graphql.metering.service.history import Known, Months, added, metered
from lk_graphql.metering.service.windows import (
    Window,
    WindowTerms,
    closed_because,
    terms_for,
    window_on,
)

WAITING = (ReadingState.NEEDS_CONFIRMATION, ReadingState.ON_REVIEW)
LIVING = (ReadingState.ACCEPTED, *WAITING)
"""What still counts, or may."""
_WRONG_CLOCK = timedelta(minutes=10)
"""How far a telephone's clock may be ahead."""


@dataclass(frozen=True)
class Moment:
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


async def own_account(viewer: Viewer, account_id: UUID | None, *, locked: bool = False) -> Account:
    """An account that the viewer has linked; `locked` as by `lock_account`.

    Raises `AccountNotFound`.
    """
    mine = Account.filter(links__user_id=viewer.id, links__state=LinkState.ACTIVE)
    wanted = mine.select_for_update(no_key=True, of=("account",)) if locked else mine
    account = await wanted.get_or_none(id=account_id)
    if account is None:
        raise errors.AccountNotFound("accountId")
    return account


async def open_book(account: Account, moment: Moment, *, billing: BillingSide) -> Book:
    """All that the checks need to know, by two statements."""
    facts = await facts_of(account)
    window = window_on(moment.taken_on, facts.windows)
    period = window.period if window else month_of(moment.taken_on)
    return Book(
        {one.id: _register(one, period) for one in facts.registers},
        _history(facts.registers),
        period,
        moment.taken_on,
        facts.norm_of(account, period),
        facts.anomaly_terms(period),
        _not_open(account, moment, window)
        or _not_in_time(moment, terms_for(period, facts.windows))
        or _billed(period, await billing.billed_through(account.id)),
    )


def _register(one: RegisterFacts, period: date) -> KnownRegister:
    others = [
        known for known, is_accepted in one.readings if is_accepted and not _own(known, period)
    ]
    newest = others[::-1]
    return KnownRegister(
        one.id,
        one.meter_id,
        one.zone,
        one.label,
        one.scale,
        next((known for known in newest if known.is_read), None),
        next(iter(newest), None),
        one.removed_on,
        one.reports_itself,
        any(_own(reading.known, period) for reading in one.readings),
        len([*takewhile(lambda known: not known.is_read, newest)]),
    )


def _own(known: Known, period: date) -> bool:
    """Whether a new reading of the period would replace it."""
    return known.source is ReadingSource.CUSTOMER and known.period == period


def _history(registers: Iterable[RegisterFacts]) -> dict[Zone, Months]:
    """The months of each zone, over all meters that the account has had."""
    by_zone: defaultdict[Zone, list[Months]] = defaultdict(list)
    for one in registers:
        accepted = [known for known, is_accepted in one.readings if is_accepted]
        by_zone[one.zone].append(metered(accepted, one.scale))
    return {zone: added(several) for zone, several in by_zone.items()}


def _not_open(account: Account, moment: Moment, window: Window | None) -> Refusal | None:
    is_closed = account.closed_on is not None and account.closed_on <= moment.taken_on
    if is_closed or window is None:
        return errors.ReadingsNotTaken("accountId")
    if closed_because(moment.taken_on, window):
        days = {"opens_on": window.opens_on, "closes_on": window.closes_on}
        return errors.WindowClosed("takenAt", **days)
    return None


def _not_in_time(moment: Moment, rule: WindowTerms | None) -> Refusal | None:
    """A moment of today is always in time; earlier ones are what a phone kept back."""
    if moment.taken_at and moment.taken_at > moment.now + _WRONG_CLOCK:
        return errors.TakenInFuture("takenAt")
    late = (moment.today - moment.taken_on).days
    if late > 0 and (rule is None or late > rule.offline_days):
        return errors.TakenTooLongAgo("takenAt")
    return None


def _billed(period: date, billed_through: date | None) -> Refusal | None:
    is_billed = billed_through is not None and period <= billed_through
    return errors.PeriodBilled("takenAt") if is_billed else None
