"""Reading up on an account before new readings of it are checked."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from uuid import UUID

from lk_graphql import engine
from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.periods import month_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.models import ReadingSource, ReadingState, Zone
from lk_graphql.metering.service.billing_side import BillingSide
from lk_graphql.metering.service.checks import Entry, are_ordinary
from lk_graphql.metering.service.facts import RegisterFacts, facts_of, read_before
from lk_graphql.metering.service.history import Known, Months, added, metered
from lk_graphql.metering.service.known import Book, KnownRegister, Sent
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
_LOCK = """
SELECT account.id FROM account JOIN account_link AS link ON link.account_id = account.id
WHERE account.id = $1 AND link.user_id = $2 AND link.state = 'ACTIVE'
FOR NO KEY UPDATE OF account"""
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


async def own_account(viewer: Viewer, account_id: UUID | None) -> Account:
    """An account that the viewer has linked. Raises `AccountNotFound`."""
    mine = Account.filter(links__user_id=viewer.id, links__state=LinkState.ACTIVE)
    account = await mine.get_or_none(id=account_id)
    if account is None:
        raise errors.AccountNotFound("accountId")
    return account


async def lock_own_account(viewer: Viewer, account_id: UUID | None) -> UUID:
    """The account's key, when the viewer has it linked; locked as by `lock_account`.

    Raises `AccountNotFound`.
    """
    found = await engine.fetch(_LOCK, account_id, viewer.id)
    if not found:
        raise errors.AccountNotFound("accountId")
    return found[0]["id"]


async def open_book(
    account_id: UUID,
    moment: Moment,
    entries: Iterable[Entry] | None = None,
    *,
    billing: BillingSide,
) -> Book:
    """All that the checks need to know: for these entries, or for any.

    One statement, or two: what goes by the norm alone needs no history.
    """
    facts = await facts_of(account_id, month_of(moment.taken_on), billing=billing)
    window = window_on(moment.taken_on, facts.windows)
    period = window.period if window else month_of(moment.taken_on)
    book = Book(
        {one.id: _register(one, period) for one in facts.registers},
        {},
        period,
        moment.taken_on,
        facts.norm_kwh(period),
        facts.anomaly_terms(period),
        _not_open(facts.closed_on, moment, window)
        or _not_in_time(moment, terms_for(period, facts.windows))
        or _billed(period, facts.billed_through),
    )
    if entries is not None and are_ordinary(book, entries):
        return book
    return replace(book, history=_history(book.registers, await read_before(account_id)))


def _register(one: RegisterFacts, period: date) -> KnownRegister:
    sent = [Sent(key, counts) for key, known, counts in one.newest if _own(known, period)]
    others = [known for _, known, counts in one.newest if counts and not _own(known, period)]
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
        sent,
        len([*takewhile(lambda known: not known.is_read, newest)]),
    )


def _own(known: Known, period: date) -> bool:
    """Whether a new reading of the period would replace it."""
    return known.source is ReadingSource.CUSTOMER and known.period == period


def _history(
    registers: Mapping[UUID, KnownRegister], read: Mapping[UUID, Iterable[tuple[date, Decimal]]]
) -> dict[Zone, Months]:
    """The months of each zone, over all meters that the account has had."""
    by_zone: defaultdict[Zone, list[Months]] = defaultdict(list)
    for key, values in read.items():
        one = registers[key]
        by_zone[one.zone].append(metered(values, one.scale))
    return {zone: added(several) for zone, several in by_zone.items()}


def _not_open(closed_on: date | None, moment: Moment, window: Window | None) -> Refusal | None:
    is_closed = closed_on is not None and closed_on <= moment.taken_on
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
