"""Staff actions on an account: its links, household and readings, receipts, promised calls."""

from datetime import date, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.accounts.service import holders, links
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.receipts.storage import may_read
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    MINUTE,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
)
from lk_graphql.kit import emails
from lk_graphql.kit.company import Company
from lk_graphql.kit.emails import Email
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.typed_texts import read_text
from lk_graphql.metering.errors import ReadingNotFound
from lk_graphql.metering.service import reading_states, telephone
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.rules import SubmissionTime
from lk_graphql.metering.service.submission import ReadingsForm
from lk_graphql.metering.service.telephone import PhoneCall
from lk_graphql.ports.jobs import enqueue
from lk_graphql.staff.errors import (
    CallbackDayInvalid,
    CallbackNotOpen,
    CallbackTextInvalid,
    HouseholdNotRecorded,
    InvoiceOfEarlierHolder,
    LinkNotSuspended,
    NoEarlierHolder,
    StaffAccountNotFound,
    StaffInvoiceNotFound,
    StaffLinkNotFound,
    StaffReceiptUnavailable,
)
from lk_graphql.staff.models import Act, Callback
from lk_graphql.staff.service.audit import (
    StaffAction,
    Subject,
    TargetRow,
    audited,
    record_action,
    require_reason,
)

MAX_TEXT, MAX_RESULT = 1000, 300
PER_RECEIPT = AttemptLimit(
    "receipt-mail/receipt", (AttemptWindow(1, 10 * MINUTE), AttemptWindow(3, DAY))
)
PER_STAFF = AttemptLimit("receipt-mail/staff", (AttemptWindow(30, HOUR), AttemptWindow(200, DAY)))
LATEST_CALLBACK = timedelta(days=365)


async def restore_or_end_link(
    action: StaffAction, link_id: UUID | None, typed_reason: str, *, is_restored: bool
) -> UUID:
    """Restore a suspended link, or end it; the customer is mailed either way.

    Raises `LinkNotSuspended`, also after a concurrent decision, and `ReasonRequired`.
    """
    reason = require_reason(typed_reason)
    act = Act.LINK_RESTORED if is_restored else Act.LINK_ENDED
    async with in_transaction():
        link = await (links.restore if is_restored else links.end_suspended)(
            link_id, now=action.now
        )
        if link is None:
            raise LinkNotSuspended("linkId")
        await record_action(act, Subject("account_link", link.id), action, reason=reason)
    return link.id


async def record_household(
    action: StaffAction, account_id: UUID | None, typed_reason: str, *, is_one: bool
) -> UUID:
    """Record that an account's holder and the one before are one household, or revoke this.

    Raises `NoEarlierHolder`, `HouseholdNotRecorded`, `ReasonRequired`.
    """
    reason = require_reason(typed_reason)
    act = Act.HOUSEHOLD_RECORDED if is_one else Act.HOUSEHOLD_REVOKED
    refusal = (NoEarlierHolder if is_one else HouseholdNotRecorded)("accountId")
    change = holders.record_household if is_one else holders.revoke_household

    async def apply(key: UUID) -> None:
        if not await change(key):
            raise refusal

    target = TargetRow("account", account_id, refusal)
    return await audited(act, target, action, apply, reason=reason)


async def accept_reading(
    action: StaffAction, reading_id: UUID | None, *, billing: BillingGateway
) -> UUID:
    """Accept a reading. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    return await audited(
        Act.READING_ACCEPTED,
        _reading(reading_id),
        action,
        lambda key: reading_states.accept_reading(key, billing=billing, now=action.now),
    )


async def reject_reading(
    action: StaffAction, reading_id: UUID | None, typed_reason: str, *, billing: BillingGateway
) -> UUID:
    """Reject a reading with a reason for the customer.

    Raises as `accept_reading`, and `ReasonInvalid`.
    """
    reason = reading_states.read_reason(typed_reason)
    return await audited(
        Act.READING_REJECTED,
        _reading(reading_id),
        action,
        lambda key: reading_states.reject_reading(key, reason, billing=billing, now=action.now),
        reason=reason,
    )


async def take_readings(
    action: StaffAction,
    form: ReadingsForm,
    call: PhoneCall,
    *,
    company: Company,
    billing: BillingGateway,
) -> list[UUID]:
    """Take readings from a caller, all or none; return their keys. Raises as `telephone.take`."""
    async with in_transaction():
        time = SubmissionTime(action.now, None, company)
        taken = await telephone.take(form, call, time, billing=billing)
        if form.account_id and not taken.is_repeat:
            subject = Subject("account", form.account_id)
            await record_action(Act.READING_TAKEN, subject, action)  # the readings have the name
    return taken.keys


async def send_receipt(
    action: StaffAction, invoice_id: UUID | None, customer_id: UUID | None, *, signer: Signer
) -> str:
    """Mail a bill's receipt to a customer who has linked the account.

    Returns the masked address. Raises `StaffInvoiceNotFound`, `StaffLinkNotFound`,
    `InvoiceOfEarlierHolder`, `StaffReceiptUnavailable` and `RateLimitExceeded`.
    """
    invoice = await Invoice.get_or_none(id=invoice_id)
    if invoice is None:
        raise StaffInvoiceNotFound("invoiceId")
    active = AccountLink.filter(account__invoices__id=invoice.id, state=LinkState.ACTIVE)
    unlocked = active.filter(user_id=customer_id, user__locked_at=None)
    link = await unlocked.select_related("user").first()
    if link is None:
        raise StaffLinkNotFound("customerId")
    if not await may_read(link.user.id, invoice.id):
        raise InvoiceOfEarlierHolder("invoiceId")
    if await supplier_on(invoice.issued_on) is None:
        raise StaffReceiptUnavailable("invoiceId")
    async with AttemptCounter(signer, action.now) as attempts:
        await attempts.count(PER_RECEIPT, f"{invoice.id}/{link.user.id}")
        await attempts.count(PER_STAFF, action.staff.id)
        async with in_transaction():
            await enqueue("billing.mail_receipt", invoice_id=invoice.id, user_id=link.user.id)
            await record_action(Act.RECEIPT_SENT, Subject("invoice", invoice.id), action)
    return emails.mask(Email(link.user.email_key))


async def promise_callback(
    action: StaffAction, account_id: UUID | None, due_on: date, text: str, *, today: date
) -> UUID:
    """Promise to call back by a day.

    Raises `StaffAccountNotFound`, `CallbackDayInvalid` and `CallbackTextInvalid`.
    """
    text = _text(text, "text", longest=MAX_TEXT)
    if not today <= due_on <= today + LATEST_CALLBACK:
        raise CallbackDayInvalid("dueOn", latest=today + LATEST_CALLBACK)
    if account_id is None or not await Account.exists(id=account_id):
        raise StaffAccountNotFound("accountId")
    async with in_transaction():
        callback = await Callback.create(
            account_id=account_id,
            due_on=due_on,
            text=text,
            member_id=action.staff.id,
            created_at=action.now,
        )
        subject = Subject("callback", callback.id)
        await record_action(Act.CALLBACK_PROMISED, subject, action)
    return callback.id


async def complete_callback(
    action: StaffAction, callback_id: UUID | None, typed_result: str
) -> UUID:
    """Record the result of a call. Raises `CallbackNotOpen` and `CallbackTextInvalid`."""
    result = _text(typed_result, "result", longest=MAX_RESULT)
    async with in_transaction():
        done = {"done_by_id": action.staff.id, "done_at": action.now, "result": result}
        open_callbacks = Callback.filter(id=callback_id, done_at=None)
        if callback_id is None or not await open_callbacks.update(**done):
            raise CallbackNotOpen("callbackId")
        subject = Subject("callback", callback_id)
        await record_action(Act.CALLBACK_DONE, subject, action, reason=result)
    return callback_id


def _text(text: str, path: str, *, longest: int) -> str:
    """Read a text of a callback. Raises `CallbackTextInvalid`."""
    return read_text(text, CallbackTextInvalid(path, longest=longest), longest=longest)


def _reading(reading_id: UUID | None) -> TargetRow:
    return TargetRow("reading", reading_id, ReadingNotFound("readingId"))
