"""Subjects of appeals: lookup among the customer's objects, and the snapshot of their facts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.accounts.service.account_days import is_month_visible, is_visible
from lk_graphql.appeals.errors import SubjectNotFound
from lk_graphql.appeals.models import SubjectKind
from lk_graphql.billing.models import Invoice, InvoiceLine, ReceivedPayment
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter
from lk_graphql.payments.models import Payment

SubjectFacts = dict[str, Any]


@dataclass(frozen=True)
class SubjectRef:
    """Reference to a subject."""

    kind: SubjectKind
    key: UUID | None


@dataclass(frozen=True)
class SubjectSnapshot:
    """State of the subject at registration: days as ISO 8601, money in kopecks.

    A payment has no account, because it may cover several. The `key` of a line of a bill is
    the key of the bill, because a corrected bill has new lines.
    """

    kind: SubjectKind
    key: UUID
    account_id: UUID | None
    facts: SubjectFacts


async def snapshot(viewer: Viewer, ref: SubjectRef, company: Company) -> SubjectSnapshot:
    """Return the subject's snapshot; raise `SubjectNotFound` unless it is the viewer's."""
    if ref.kind is SubjectKind.PAYMENT:
        return await _payment(viewer, ref, company)
    return await _FINDERS[ref.kind](viewer, ref)


async def _account(viewer: Viewer, ref: SubjectRef) -> SubjectSnapshot:
    accounts = Account.filter(id=ref.key, **_is_viewers(viewer, "links"))
    row = await _row(accounts.values("id", account="number", address="address"))
    return _snapshot(ref, row, row["id"], {})


async def _invoice(viewer: Viewer, ref: SubjectRef) -> SubjectSnapshot:
    invoices = Invoice.filter(id=ref.key, **_is_viewers(viewer, "account__links"))
    row = await _row(
        invoices.values(
            "id",
            "account_id",
            "number",
            account="account__number",
            month="period",
            amount="closing_balance",
            days="account__visible_days",
        )
    )
    if not is_month_visible(row["days"], row["month"]):
        raise SubjectNotFound("about")
    return _snapshot(ref, row, row["account_id"], {"period": row["month"].isoformat()})


async def _invoice_line(viewer: Viewer, ref: SubjectRef) -> SubjectSnapshot:
    lines = InvoiceLine.filter(id=ref.key)
    columns = ("invoice_id", "service", "amount")
    row = await _row(lines.values(*columns, kwh="quantity_kwh", line="position"))
    invoice = await _invoice(viewer, replace(ref, key=row.pop("invoice_id")))
    quantity = None if row["kwh"] is None else str(row["kwh"])
    return replace(invoice, facts={**invoice.facts, **row, "kwh": quantity})


async def _meter(viewer: Viewer, ref: SubjectRef) -> SubjectSnapshot:
    meters = Meter.filter(id=ref.key, **_is_viewers(viewer, "account__links"))
    row = await _row(
        meters.values("id", "account_id", "serial", "model", account="account__number")
    )
    return _snapshot(ref, row, row["account_id"], {})


async def _payment(viewer: Viewer, ref: SubjectRef, company: Company) -> SubjectSnapshot:
    """Find a payment made in the cabinet: only the payer's, with the day in the company's zone."""
    payments = Payment.filter(id=ref.key, user_id=viewer.id)
    row = await _row(payments.values("id", "number", "amount", "created_at"))
    day = company.today(row["created_at"]).isoformat()
    return _snapshot(ref, row, None, {"day": day})


async def _received_payment(viewer: Viewer, ref: SubjectRef) -> SubjectSnapshot:
    payments = ReceivedPayment.filter(id=ref.key, **_is_viewers(viewer, "account__links"))
    row = await _row(
        payments.values(
            "id",
            "account_id",
            "paid_on",
            "amount",
            account="account__number",
            days="account__visible_days",
        )
    )
    if not is_visible(row["days"], row["paid_on"]):
        raise SubjectNotFound("about")
    return _snapshot(ref, row, row["account_id"], {"day": row["paid_on"].isoformat()})


async def _row(query: Awaitable[Any]) -> SubjectFacts:
    rows: list[SubjectFacts] = await query
    if not rows:
        raise SubjectNotFound("about")
    return rows[0]


def _snapshot(
    ref: SubjectRef, row: SubjectFacts, account_id: UUID | None, days: SubjectFacts
) -> SubjectSnapshot:
    facts = {name: value for name, value in row.items() if isinstance(value, str | int)}
    return SubjectSnapshot(ref.kind, row["id"], account_id, {**facts, **days})


_FINDERS: dict[SubjectKind, Callable[[Viewer, SubjectRef], Awaitable[SubjectSnapshot]]] = {
    SubjectKind.ACCOUNT: _account,
    SubjectKind.INVOICE: _invoice,
    SubjectKind.INVOICE_LINE: _invoice_line,
    SubjectKind.METER: _meter,
    SubjectKind.RECEIVED_PAYMENT: _received_payment,
}


def _is_viewers(viewer: Viewer, links: str) -> dict[str, Any]:
    return {f"{links}__user_id": viewer.id, f"{links}__state": LinkState.ACTIVE}
