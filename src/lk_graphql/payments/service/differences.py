"""Contradictions for staff to resolve: with the acquirer's data, and with billing's postings.

Billing's posting of a registry row agrees if account and amount are the row's. Otherwise there is a
difference, and the amount that is missing on the account stays «в обработке» until staff act or a
later file of billing agrees.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.expressions import F, Q
from tortoise.transactions import in_transaction

from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.payments.errors import QueueFault, QueueRefused
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    DifferenceResolution,
    DifferenceState,
    FiscalReceipt,
    Payment,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.payments.service import ledger, states
from lk_graphql.ports.acquiring import AnswerUnreadable

_WITH_ACQUIRER = (DifferenceResolution.EXPLAINED,)
_WITH_BILLING = (
    DifferenceResolution.POSTING_ACCEPTED,
    DifferenceResolution.POSTED_ELSEWHERE,
    DifferenceResolution.BILLING_CORRECTS,
)
_READABLE = "Эквайер ответил снова, и понятно"
"""The settlement of an UNREADABLE difference by a readable response."""
_SETTLEMENTS = {
    DifferenceResolution.CORRECTED: "Исправлено в данных биллинга",
    DifferenceResolution.SUPERSEDED: "В данных биллинга другие счёт или сумма",
}


async def report(
    payment: Payment, kind: DifferenceKind, expected: str, actual: str, *, now: datetime
) -> None:
    """Record a difference unless one of its kind is open; the payment must be locked.

    A difference that staff have settled is recorded again only with other values. UNKNOWN_REFUND
    always is: two refunds of a payment may be in doubt, and one decision settles it for both. So is
    UNREADABLE if a readable response has settled it, because no member of staff has.
    """
    expected, actual = expected[:100], actual[:100]
    is_known = Q(settled_at=None)
    if kind is not DifferenceKind.UNKNOWN_REFUND:
        is_known |= Q(ours=expected, theirs=actual) & ~Q(settlement=_READABLE)
    if not await Difference.exists(is_known, payment_id=payment.id, kind=kind):
        await Difference.create(
            payment=payment, kind=kind, ours=expected, theirs=actual, found_at=now
        )


async def report_unreadable(payment_id: UUID, answer: AnswerUnreadable, *, now: datetime) -> None:
    """Record an unreadable response of the acquirer, in a separate transaction."""
    async with in_transaction():
        payment = await states.lock(payment_id)
        kind = DifferenceKind.UNREADABLE
        await report(payment, kind, payment.state, str(answer), now=now)


async def settle_unreadable(payment: Payment, *, now: datetime) -> None:
    """Close a payment's UNREADABLE difference after a readable response."""
    await settle_all(payment, DifferenceKind.UNREADABLE, _READABLE, now=now)


async def settle_all(
    payment: Payment, kind: DifferenceKind, settlement: str, *, now: datetime
) -> None:
    """Close a payment's open differences of a kind."""
    unsettled = Difference.filter(payment_id=payment.id, kind=kind, settled_at=None)
    await unsettled.update(
        settled_at=now,
        settlement=settlement,
        state=DifferenceState.SETTLED,
        resolution=DifferenceResolution.EXPLAINED,
    )


@dataclass(frozen=True)
class Posting:
    """Billing's posting of a registry row.

    `amount` is the sum of everything posted under the row's number; 0 if billing has reversed it.
    """

    number: str
    account_number: str
    amount: Kopecks

    def agrees_with(self, row: RegistryRow) -> bool:
        return (self.account_number, self.amount) == (row.account.number, row.amount)

    def amount_on(self, row: RegistryRow) -> int:
        """The amount on the row's own account."""
        return self.amount if self.account_number == row.account.number else 0

    def difference_from(self, row: RegistryRow) -> DifferenceKind:
        if self.amount == 0:
            return DifferenceKind.POSTING_REVERSED
        if self.account_number != row.account.number:
            return DifferenceKind.POSTED_ACCOUNT
        return DifferenceKind.POSTED_AMOUNT


class Acknowledged(NamedTuple):
    """Counts of the rows that newly agree and newly differ."""

    agreed: int
    differing: int


async def acknowledge(postings: Sequence[Posting], *, now: datetime) -> Acknowledged:
    """Apply billing's postings to the registry; a repetition changes nothing.

    Call it in the transaction that imports the balances with these postings, so that customers
    never see a payment counted twice or not at all. Unknown numbers are ignored.
    """
    by_number = {posting.number: posting for posting in postings}
    async with in_transaction():
        concerned = RegistryRow.filter(number__in=[*by_number])
        payment_ids = {row.payment_id for row in await concerned}
        payments = await Payment.filter(id__in=payment_ids).order_by("id").select_for_update()
        rows = await concerned.order_by("id").select_related("account")
        agreeing = [row for row in rows if by_number[row.number].agrees_with(row)]
        others = [row for row in rows if not by_number[row.number].agrees_with(row)]
        agreed = await _agree(agreeing, now=now)
        differing = [await _differ(row, by_number[row.number], now=now) for row in others]
        await ledger.mark_payments(payments, now=now)
    return Acknowledged(agreed, sum(differing))


async def acknowledge_earlier(payment: Payment, *, now: datetime) -> None:
    """Apply postings that billing's files brought before the cabinet recorded their movements.

    That is so if an import precedes a check, after an outage or a restore of the database. Call it
    in the transaction that records a movement; the payment must be locked.
    """
    pending = RegistryRow.filter(payment_id=payment.id, posted_at=None)
    numbers = [movement.number for movement in await pending]
    received = ReceivedPayment.filter(external_id__in=numbers).select_related("account")
    postings = [
        Posting(row.external_id, row.account.number, Kopecks(row.amount)) for row in await received
    ]
    if postings:
        await acknowledge(postings, now=now)


async def _agree(rows: Iterable[RegistryRow], *, now: datetime) -> int:
    """Mark rows as posted and settle their differences; return the number of newly posted ones."""
    changed = [row for row in rows if row.posted_at is None or row.posted_amount != row.amount]
    new_keys = [row.id for row in changed if row.posted_at is None]
    if not changed:
        return 0
    keys = [row.id for row in changed]
    unsettled = await Difference.filter(registry_row_id__in=keys, settled_at=None)
    await _close([row.id for row in unsettled], DifferenceResolution.CORRECTED, now=now)
    await RegistryRow.filter(id__in=keys).update(posted_amount=F("amount"))
    return await RegistryRow.filter(id__in=new_keys).update(posted_at=now)


async def _differ(row: RegistryRow, posting: Posting, *, now: datetime) -> bool:
    """Record a posting that differs from the row; False if it was recorded before.

    A difference that staff have settled is recorded again only with other values, or if the row has
    agreed since.
    """
    theirs = _described(posting.account_number, posting.amount)
    newest = await Difference.filter(registry_row_id=row.id).order_by("-id").first()
    if newest and newest.theirs == theirs and row.posted_amount != row.amount:
        return False
    row.posted_amount, row.posted_at = posting.amount_on(row), None
    await row.save(update_fields=["posted_amount", "posted_at"])
    is_unsettled = newest is not None and newest.settled_at is None
    if newest and is_unsettled:
        await _close([newest.id], DifferenceResolution.SUPERSEDED, now=now)
    await Difference.create(
        payment_id=row.payment_id,
        registry_row_id=row.id,
        kind=posting.difference_from(row),
        ours=_described(row.account.number, row.amount),
        theirs=theirs,
        found_at=now,
        clerk_id=newest.clerk_id if newest and is_unsettled else None,
    )
    return True


async def _close(keys: Iterable[UUID], resolution: DifferenceResolution, *, now: datetime) -> None:
    """Settle differences by a file of billing; a settlement text of staff is kept."""
    unsettled = Difference.filter(id__in=[*keys], settled_at=None)
    columns = {"settled_at": now, "state": DifferenceState.SETTLED, "resolution": resolution}
    await unsettled.filter(settlement=None).update(settlement=_SETTLEMENTS[resolution], **columns)
    await unsettled.update(**columns)


def _described(account_number: str, amount: int) -> str:
    return f"{account_number} {to_rubles(amount)}"


async def report_unposted(number: str, *, now: datetime) -> UUID:
    """Open a difference for a movement that billing hasn't acknowledged; return its key.

    For staff who know that billing has posted it under another number. Raises `QueueRefused`.
    """
    if (movement := await RegistryRow.get_or_none(number=number)) is None:
        raise QueueRefused(QueueFault.NO_MOVEMENT)
    async with in_transaction():
        await states.lock(movement.payment_id)
        row = await RegistryRow.get(id=movement.id).select_related("account")
        if row.posted_at is not None:
            raise QueueRefused(QueueFault.NO_MOVEMENT)
        if earlier := await Difference.get_or_none(registry_row_id=row.id, settled_at=None):
            return earlier.id
        difference = await Difference.create(
            payment_id=row.payment_id,
            registry_row_id=row.id,
            kind=DifferenceKind.NOT_POSTED,
            ours=_described(row.account.number, row.amount),
            theirs="",
            found_at=now,
        )
    return difference.id


async def claim(staff: StaffViewer, difference_id: UUID) -> None:
    """Claim an unsettled difference; a no-op for its own clerk. Raises `QueueRefused`."""
    async with in_transaction():
        await assign(await _lock_unsettled(difference_id), staff)


async def release(staff: StaffViewer, difference_id: UUID) -> None:
    """Put a difference back into the queue; supervisors may also release a colleague's.

    Raises `QueueRefused`.
    """
    async with in_transaction():
        await unassign(await _lock_unsettled(difference_id), staff)


async def assign(row: Difference | FiscalReceipt, staff: StaffViewer) -> None:
    """Make the clerk responsible for a locked row of a queue. Raises `QueueRefused`."""
    require_unclaimed(row.clerk_id, staff)
    row.clerk_id = staff.id
    await row.save(update_fields=["clerk_id"])


async def unassign(row: Difference | FiscalReceipt, staff: StaffViewer) -> None:
    """Remove the responsible clerk from a locked row of a queue. Raises `QueueRefused`."""
    if not staff.may(Role.SUPERVISOR):
        require_unclaimed(row.clerk_id, staff)
    row.clerk_id = None
    await row.save(update_fields=["clerk_id"])


def require_unclaimed(clerk_id: UUID | None, staff: StaffViewer) -> None:
    """Raise `QueueRefused` if a colleague has claimed the row."""
    if clerk_id not in (None, staff.id):
        raise QueueRefused(QueueFault.TAKEN)


async def settle(
    staff: StaffViewer,
    difference_id: UUID,
    resolution: DifferenceResolution,
    settlement: str,
    *,
    now: datetime,
) -> None:
    """Settle a difference, with the effect of the resolution on the balance.

    EXPLAINED, the only resolution of a difference with the acquirer, moves no money, and the
    payment is checked with the acquirer again. For a difference with billing, POSTING_ACCEPTED and
    POSTED_ELSEWHERE end the processing of the movement: the customer owes the amount in billing's
    books. BILLING_CORRECTS leaves the movement in processing and in the export until a file of
    billing agrees. No resolution settles UNKNOWN_REFUND while a refund is pending: only
    `refunds.decide` ends it. Raises `QueueRefused`.
    """
    async with in_transaction():
        difference = await _lock_unsettled(difference_id)
        require_unclaimed(difference.clerk_id, staff)
        is_of_billing = difference.registry_row_id is not None
        if resolution not in (_WITH_BILLING if is_of_billing else _WITH_ACQUIRER):
            raise QueueRefused(QueueFault.RESOLUTION_INVALID)
        pending = Refund.filter(payment_id=difference.payment_id, state=RefundState.REQUESTED)
        if difference.kind is DifferenceKind.UNKNOWN_REFUND and await pending.exists():
            raise QueueRefused(QueueFault.RESOLUTION_INVALID)
        difference.clerk_id = staff.id
        difference.resolution, difference.settlement = resolution, settlement
        if resolution is DifferenceResolution.BILLING_CORRECTS:
            difference.state = DifferenceState.AWAITING_BILLING
        else:
            difference.state, difference.settled_at = DifferenceState.SETTLED, now
        await difference.save()
        if is_of_billing and difference.settled_at:
            await _end_processing(difference, now=now)
        elif not is_of_billing:
            await states.begin_checks(await Payment.get(id=difference.payment_id), now=now)


async def _lock_unsettled(difference_id: UUID) -> Difference:
    """Lock the difference's payment, then read the difference. Raises `QueueRefused`."""
    if unlocked := await Difference.get_or_none(id=difference_id):
        await states.lock(unlocked.payment_id)
        if difference := await Difference.get_or_none(id=difference_id, settled_at=None):
            return difference
    raise QueueRefused(QueueFault.NOT_OPEN)


async def _end_processing(difference: Difference, *, now: datetime) -> None:
    row = await RegistryRow.get(id=difference.registry_row_id)
    row.posted_at = now
    await row.save(update_fields=["posted_at"])
    await ledger.mark_payments([await Payment.get(id=row.payment_id)], now=now)
