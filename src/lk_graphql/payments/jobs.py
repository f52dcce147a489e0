"""Background jobs of payments; their arguments are keys only."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.identity.models import User
from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit.formatting import format_money
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import FiscalReceipt
from lk_graphql.payments.service import reconciliation, refunds, states
from lk_graphql.ports.acquiring import Acquirer, AcquirerUnavailable
from lk_graphql.ports.jobs import JobContext, Retries, job

_RETRIES = Retries(attempts=6, first_delay=timedelta(seconds=5))
_OUTAGES = (AcquirerUnavailable,)
"""After the last attempt there is no dead letter: the job `reconcile` enqueues further checks."""


def _acquirer(context: JobContext) -> Acquirer:
    if context.ports.acquirer is None:
        raise AcquirerUnavailable("No acquirer is configured: set LK_ACQUIRER_SHOP")
    return context.ports.acquirer


@job("payments.check", retries=_RETRIES, drops=_OUTAGES)
@job("payments.look", retries=_RETRIES, drops=_OUTAGES)  # enqueued by versions before December
async def check_payment(context: JobContext, *, payment_id: UUID) -> None:
    """Register a payment if needed, send its refunds, and reconcile it."""
    await reconciliation.reconcile_one(
        payment_id, acquirer=_acquirer(context), company=context.company, now=context.now
    )


@job("payments.reconcile", cron="* * * * *")
async def reconcile(context: JobContext) -> None:
    """Enqueue a check of every payment that is due for one; end the checks after a month."""
    await reconciliation.end_checks(now=context.now)
    await states.enqueue_checks(now=context.now)


@job("payments.send_refund", retries=_RETRIES, drops=_OUTAGES)
async def send_refund(context: JobContext, *, refund_id: UUID) -> None:
    await refunds.send(refund_id, acquirer=_acquirer(context), now=context.now)


@job("payments.mail_receipt")
async def mail_receipt(context: JobContext, *, receipt_id: UUID) -> None:
    """Mail a fiscal receipt to the payer."""
    receipt = await FiscalReceipt.get(id=receipt_id).select_related("payment")
    payment = receipt.payment
    user = await User.get(id=payment.user_id)
    await mail_user(
        context,
        user,
        "lk_graphql.payments",
        "fiscal_receipt",
        number=payment.number,
        amount=format_money(Kopecks(receipt.amount), user.preferred_language),
        is_refund=receipt.refund_id is not None,
        receipt=receipt,
        when=f"{receipt.registered_at.astimezone(context.company.zone):%d.%m.%Y %H:%M}"
        if receipt.registered_at
        else "",
    )
