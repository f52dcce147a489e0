"""What is done about payments in the background; a job carries keys only."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.identity.models import User
from lk_graphql.kit.emails import Email
from lk_graphql.kit.formatting import format_money
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import FiscalReceipt
from lk_graphql.payments.service import acquirer_notices, reconciliation, refunds, states
from lk_graphql.ports.acquiring import Acquirer, AcquirerUnavailable
from lk_graphql.ports.jobs import JobContext, Retries, job
from lk_graphql.ports.mail import compose

_RETRIES = Retries(attempts=6, first_delay=timedelta(seconds=5))
"""After that the reconciler goes on, at its own pace."""


def _acquirer(world: JobContext) -> Acquirer:
    if world.ports.acquirer is None:
        raise AcquirerUnavailable("None is set up any more: see LK_ACQUIRER_SHOP")
    return world.ports.acquirer


@job("payments.take_notice", retries=_RETRIES)
async def process_notice(world: JobContext, *, notice_id: UUID) -> None:
    """A callback has come: ask what is true."""
    payment_id = await acquirer_notices.payment_of(notice_id)
    if payment_id is not None:
        await reconciliation.reconcile(payment_id, acquirer=_acquirer(world), now=world.now)
        await acquirer_notices.finish(notice_id, now=world.now)


@job("payments.look", retries=_RETRIES)
async def check_payment(world: JobContext, *, payment_id: UUID) -> None:
    """Go on with a payment from where it stands."""
    await reconciliation.reconcile_one(
        payment_id, acquirer=_acquirer(world), company=world.company, now=world.now
    )


@job("payments.reconcile", cron="* * * * *")
async def reconcile(world: JobContext) -> None:
    """Look at every payment whose time has come."""
    await states.enqueue_checks(now=world.now)


@job("payments.send_refund", retries=_RETRIES)
async def send_refund(world: JobContext, *, refund_id: UUID) -> None:
    await refunds.send(refund_id, acquirer=_acquirer(world), company=world.company, now=world.now)


@job("payments.mail_receipt")
async def mail_receipt(world: JobContext, *, receipt_id: UUID) -> None:
    """Send the customer what the tax service has of it."""
    receipt = await FiscalReceipt.get(id=receipt_id).select_related("payment")
    payment = receipt.payment
    user = await User.get(id=payment.user_id)
    mail = compose(
        "lk_graphql.payments",
        "fiscal_receipt",
        user.preferred_language,
        company=world.company,
        name=" ".join(filter(None, (user.first_name, user.patronymic))),
        number=payment.number,
        amount=format_money(Kopecks(receipt.amount), user.preferred_language),
        is_refund=receipt.refund_id is not None,
        receipt=receipt,
        when=f"{receipt.registered_at.astimezone(world.company.zone):%d.%m.%Y %H:%M}"
        if receipt.registered_at
        else "",
    )
    await world.ports.mail.send(mail, Email(user.email_key))
