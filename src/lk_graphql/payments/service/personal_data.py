"""Personal data in payments.

Payments, refunds, the ledger and fiscal receipts are accounting documents: they are kept for five
years after the year (402-ФЗ, ст. 29, ч. 1; НК РФ, ст. 23, п. 1, пп. 8). This duty has precedence
over a request for erasure (152-ФЗ, ст. 6, ч. 1, п. 2). The documents stay under the key of an
anonymous login.
"""

from datetime import datetime
from uuid import UUID

from lk_graphql.payments.models import (
    FiscalReceipt,
    Payment,
    PaymentEventKind,
    PaymentState,
    ReceiptState,
    Refund,
    RefundState,
)
from lk_graphql.profile.service.personal_data import DataEraser, DataListing, PersonalData

_PAYMENTS = """
SELECT payment.id, json_build_object(
    'number', number, 'state', state, 'amount', round(amount / 100.0, 2)::text,
    'commission', round(commission / 100.0, 2)::text, 'refunded', round(refunded / 100.0, 2)::text,
    'reason', reason, 'createdAt', created_at, 'paidAt', paid_at,
    'parts', (SELECT coalesce(json_agg(json_build_object('account', account_number,
        'contract', contract_number, 'address', address, 'invoice', invoice_number,
        'period', period, 'amount', round(part.amount / 100.0, 2)::text) ORDER BY position), '[]')
        FROM payment_part AS part WHERE part.payment_id = payment.id),
    'events', (SELECT coalesce(json_agg(json_build_object('kind', kind,
        'happenedAt', happened_at) ORDER BY happened_at, id), '[]')
        FROM payment_event AS event WHERE event.payment_id = payment.id),
    'refunds', (SELECT coalesce(json_agg(json_build_object('state', refund.state,
        'amount', round(refund.amount / 100.0, 2)::text,
        'requestedAt', requested_at) ORDER BY id), '[]')
        FROM refund WHERE refund.payment_id = payment.id),
    'receipts', (SELECT coalesce(json_agg(json_build_object('state', receipt.state,
        'fn', storage, 'fd', receipt.number, 'fpd', attribute, 'url', url) ORDER BY id), '[]')
        FROM fiscal_receipt AS receipt WHERE receipt.payment_id = payment.id))
FROM payment WHERE user_id = $1
"""


async def anonymize_payments(user_id: UUID, _: datetime) -> int:
    """Erase texts of staff and addresses of pages with personal data; return a count of payments.

    The three numbers that identify a receipt at the tax service are kept. A payment that isn't
    registered yet, and a refund without an answer, keep what a repeat has to contain, at most for a
    day: it is deleted with the last repeat.
    """
    await Refund.filter(payment__user_id=user_id).update(reason="—")
    await FiscalReceipt.filter(payment__user_id=user_id).update(url=None)
    await Payment.filter(user_id=user_id, page_url__isnull=False).update(page_url="")
    registered = Payment.filter(user_id=user_id).exclude(state=PaymentState.CREATED)
    await registered.update(return_url=None)
    return await Payment.filter(user_id=user_id).count()


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "payments",
            "Платежи",
            _PAYMENTS,
            {
                "state": PaymentState,
                "events.kind": PaymentEventKind,
                "refunds.state": RefundState,
                "receipts.state": ReceiptState,
            },
        ),
    ),
    erasers=(DataEraser("payment", anonymize_payments, deletes=False),),
)
