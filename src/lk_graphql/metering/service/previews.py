"""What readings would mean, before anything is saved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Zone
from lk_graphql.metering.service import terms
from lk_graphql.metering.service.billing_side import BillingSide, Quote
from lk_graphql.metering.service.books import Moment, open_book, own_account
from lk_graphql.metering.service.checks import Checked, check
from lk_graphql.metering.service.estimates import Estimate, EstimateTerms, estimate
from lk_graphql.metering.service.known import Book, KnownRegister
from lk_graphql.metering.service.submission import Form


@dataclass(frozen=True)
class Weighed:
    """An entry, and what would be billed for its register if nobody read it."""

    checked: Checked
    without: Estimate | None


@dataclass(frozen=True)
class Preview:
    """`quote` prices the entries that have no fault; None where no tariff is known."""

    period: date
    entries: Sequence[Weighed]
    quote: Quote


async def preview(viewer: Viewer, form: Form, moment: Moment, *, billing: BillingSide) -> Preview:
    """Check readings as `submission.submit` would, and say what they would cost.

    Raises `AccountNotFound` and `TooManyEntries`.
    """
    form.check_size()
    account = await own_account(viewer, form.account_id)
    book = await open_book(account.id, moment, billing=billing)
    checked = check(book, form.entries, partial=form.is_partial)
    rule = await terms.estimate_terms(book.period)
    weighed = [Weighed(one, _without(book, one.register, rule)) for one in checked]
    return Preview(book.period, weighed, await billing.quote(account, _used(checked), book.period))


def _used(checked: Sequence[Checked]) -> dict[Zone, Decimal]:
    """Kilowatt-hours to bill, by zone."""
    found: defaultdict[Zone, Decimal] = defaultdict(Decimal)
    for one in checked:
        if one.register is not None and one.kwh is not None:
            found[one.register.zone] += one.kwh
    return dict(found)


def _without(book: Book, one: KnownRegister | None, rule: EstimateTerms | None) -> Estimate | None:
    """None for what isn't a register of theirs, and where no rule or norm is known."""
    if one is None or rule is None or book.norm_kwh is None:
        return None
    zones = {there.zone for there in book.registers.values() if there.removed_on is None}
    months = book.history.get(one.zone, {})
    return estimate(
        [kwh for month, kwh in sorted(months.items()) if month < book.period],
        estimated_before=one.estimated_before,
        norm_kwh=book.norm_kwh / max(1, len(zones)),
        meter_possible=True,
        rule=rule,
    )
