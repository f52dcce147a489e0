"""Personal data in bills: listing and receipts."""

from asyncio import Task, create_task
from collections import deque
from collections.abc import AsyncIterator
from uuid import UUID

from lk_graphql.accounts.models import LinkState
from lk_graphql.accounts.service.account_days import is_month_visible, month_visible_sql
from lk_graphql.billing.models import Invoice, LineKind, RecalculationReason
from lk_graphql.billing.service.receipts.storage import StoredReceipt, receipt_file
from lk_graphql.metering.models import Zone
from lk_graphql.ports.jobs import JobContext
from lk_graphql.profile.service.personal_data import DataAttachment, DataListing, PersonalData

_MAX_PENDING = 4
"""Receipts that are prepared at once; the pool of renderers limits how many are rendered."""
_INVOICES = f"""
SELECT invoice.id, json_build_object(
    'account', account.number, 'number', invoice.number, 'period', invoice.period,
    'issuedOn', issued_on, 'dueOn', due_on,
    'openingBalance', round(opening_balance / 100.0, 2)::text,
    'charged', round(charged / 100.0, 2)::text,
    'recalculated', round(recalculated / 100.0, 2)::text,
    'penalty', round(penalty / 100.0, 2)::text, 'paid', round(paid / 100.0, 2)::text,
    'closingBalance', round(closing_balance / 100.0, 2)::text,
    'consumptionKwh', consumption_kwh,
    'lines', (SELECT coalesce(json_agg(json_build_object('kind', kind, 'service', service,
        'zone', zone, 'quantityKwh', quantity_kwh, 'rublesPerKwh', rubles_per_kwh::text,
        'amount', round(amount / 100.0, 2)::text, 'reason', reason,
        'reasonCode', reason_code, 'correctsFrom', corrects_from, 'correctsTo', corrects_to,
        'document', document) ORDER BY position), '[]')
        FROM invoice_line AS line WHERE line.invoice_id = invoice.id))
FROM invoice JOIN account ON account.id = invoice.account_id
JOIN account_link AS link ON link.account_id = account.id
    AND link.user_id = $1 AND link.state = 'ACTIVE'
WHERE {month_visible_sql("invoice.period")}
"""  # noqa: S608 - constants


async def attachments(user_id: UUID, context: JobContext) -> AsyncIterator[DataAttachment]:
    """Return a receipt for each bill; a missing one is rendered first.

    The next receipts are prepared ahead, so that loading and rendering keep two cores busy.
    """
    invoices = Invoice.filter(
        account__links__user_id=user_id, account__links__state=LinkState.ACTIVE
    )
    rows = await invoices.order_by("account__number", "period").select_related("account")
    visible = [row for row in rows if is_month_visible(row.account.visible_days, row.period)]
    pending = deque[Task[StoredReceipt | None]]()
    try:
        for place, _ in enumerate(visible):
            for invoice in visible[place + len(pending) : place + _MAX_PENDING]:
                pending.append(create_task(_file(invoice, context)))
            if file := await pending.popleft():
                yield DataAttachment(f"receipts/{file.name}", file.content(context.ports.files))
    finally:
        for task in pending:
            task.cancel()


async def _file(invoice: Invoice, context: JobContext) -> StoredReceipt | None:
    ports = context.ports
    return await receipt_file(
        invoice.id,
        files=ports.files,
        pdfs=ports.pdfs,
        company=context.company,
        now=context.now,
    )


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "invoices",
            "Квитанции",
            _INVOICES,
            {"lines.kind": LineKind, "lines.zone": Zone, "lines.reasonCode": RecalculationReason},
        ),
    ),
    attachments=attachments,
)
