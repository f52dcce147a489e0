"""What an appeal is about: found among the customer's, and as it looks at that moment."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.appeals.errors import SubjectNotFound
from lk_graphql.appeals.models import SubjectKind
from lk_graphql.billing.models import Invoice, InvoiceLine, ReceivedPayment
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter
from lk_graphql.payments.models import Payment

Facts = dict[str, Any]


@dataclass(frozen=True)
class Chosen:
    """What the customer points to; `line` is the place of a bill's line, from 1."""

    kind: SubjectKind
    key: UUID | None
    line: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """What it was when the appeal came: days as ISO 8601, money in kopecks.

    A payment may be for several accounts: then it names none.
    """

    kind: SubjectKind
    key: UUID
    account_id: UUID | None
    facts: Facts


async def snapshot(viewer: Viewer, chosen: Chosen, company: Company) -> Snapshot:
    """Raises `SubjectNotFound` for what isn't there or isn't the viewer's."""
    if chosen.kind is SubjectKind.PAYMENT:
        return await _payment(viewer, chosen, company)
    return await _FIND[chosen.kind](viewer, chosen)


async def _account(viewer: Viewer, chosen: Chosen) -> Snapshot:
    mine = Account.filter(id=chosen.key, **_mine(viewer, "links"))
    row = await _row(mine.values("id", account="number", address="address"))
    return _snapshot(chosen, row, row["id"], {})


async def _invoice(viewer: Viewer, chosen: Chosen) -> Snapshot:
    mine = Invoice.filter(id=chosen.key, **_mine(viewer, "account__links"))
    row = await _row(
        mine.values(
            "id",
            "account_id",
            "number",
            account="account__number",
            month="period",
            amount="closing_balance",
        )
    )
    return _snapshot(chosen, row, row["account_id"], {"period": row["month"].isoformat()})


async def _invoice_line(viewer: Viewer, chosen: Chosen) -> Snapshot:
    invoice = await _invoice(viewer, chosen)
    line = InvoiceLine.filter(invoice_id=chosen.key, position=chosen.line)
    row = await _row(line.values("service", "amount", kwh="quantity_kwh"))
    quantity = None if row["kwh"] is None else str(row["kwh"])
    facts = {**invoice.facts, **row, "kwh": quantity, "line": chosen.line}
    return replace(invoice, facts=facts)


async def _meter(viewer: Viewer, chosen: Chosen) -> Snapshot:
    mine = Meter.filter(id=chosen.key, **_mine(viewer, "account__links"))
    row = await _row(mine.values("id", "account_id", "serial", "model", account="account__number"))
    return _snapshot(chosen, row, row["account_id"], {})


async def _payment(viewer: Viewer, chosen: Chosen, company: Company) -> Snapshot:
    """Paid in this cabinet: the payer's alone, whoever shares the accounts. Its day is ours."""
    mine = Payment.filter(id=chosen.key, user_id=viewer.id)
    row = await _row(mine.values("id", "number", "amount", "created_at"))
    day = company.today(row["created_at"]).isoformat()
    return _snapshot(chosen, row, None, {"day": day})


async def _received_payment(viewer: Viewer, chosen: Chosen) -> Snapshot:
    mine = ReceivedPayment.filter(id=chosen.key, **_mine(viewer, "account__links"))
    row = await _row(
        mine.values("id", "account_id", "paid_on", "amount", account="account__number")
    )
    return _snapshot(chosen, row, row["account_id"], {"day": row["paid_on"].isoformat()})


async def _row(found: Awaitable[Any]) -> Facts:
    rows: list[Facts] = await found
    if not rows:
        raise SubjectNotFound("about")
    return rows[0]


def _snapshot(chosen: Chosen, row: Facts, account_id: UUID | None, days: Facts) -> Snapshot:
    kept = {name: value for name, value in row.items() if isinstance(value, str | int)}
    return Snapshot(chosen.kind, row["id"], account_id, {**kept, **days})


_FIND: dict[SubjectKind, Callable[[Viewer, Chosen], Awaitable[Snapshot]]] = {
    SubjectKind.ACCOUNT: _account,
    SubjectKind.INVOICE: _invoice,
    SubjectKind.INVOICE_LINE: _invoice_line,
    SubjectKind.METER: _meter,
    SubjectKind.RECEIVED_PAYMENT: _received_payment,
}


def _mine(viewer: Viewer, links: str) -> dict[str, Any]:
    return {f"{links}__user_id": viewer.id, f"{links}__state": LinkState.ACTIVE}
