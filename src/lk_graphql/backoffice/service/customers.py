"""Staff actions on customers: logins, account links, notices, readings under review."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service import links
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, AttemptLimit, AttemptWindow
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions
from lk_graphql.identity.service import users as logins
from lk_graphql.identity.service.sessions import OpenedSession, StaffAccess
from lk_graphql.kit.signing import Signer
from lk_graphql.metering.errors import ReadingNotFound
from lk_graphql.metering.service import changes
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.notifications.models import Notice
from lk_graphql.notifications.service.outbox import is_in_delivery, resend
from lk_graphql.staff.errors import (
    CustomerActive,
    CustomerNotFound,
    LinkNotSuspended,
    NoticeOnItsWay,
    NoticeUndeliverable,
    StaffNoticeNotFound,
    TooManyStaffTries,
)
from lk_graphql.staff.models import Act
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import (
    StaffAction,
    Subject,
    TargetRow,
    audited,
    record_action,
    require_reason,
)


@dataclass(frozen=True)
class CustomerRef:
    """A customer, and why something is done with their login."""

    customer_id: UUID | None
    typed_reason: str


@dataclass(frozen=True)
class CustomerContacts:
    """How to reach a customer."""

    email: str
    phone: str


async def lock(action: StaffAction, customer: CustomerRef) -> UUID:
    """Keep a customer out, at once. Raises `CustomerNotFound`, `ReasonRequired`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_LOCKED, action, customer)
        await logins.lock_user(user, now=action.now)
    return user.id


async def unlock(action: StaffAction, customer: CustomerRef) -> UUID:
    """Let a customer in again. Raises as `lock`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_UNLOCKED, action, customer)
        user.locked_at = None
        await user.save(update_fields=["locked_at"])
    return user.id


async def end_sessions(action: StaffAction, customer: CustomerRef) -> UUID:
    """Sign a customer out everywhere: a lost telephone. Raises as `lock`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_SESSIONS_ENDED, action, customer)
        await sessions.end_all(user.id, now=action.now)
    return user.id


async def resend_activation(action: StaffAction, customer: CustomerRef) -> UUID:
    """Mail the activation link once more. Raises as `lock`, and `CustomerActive`."""
    async with in_transaction():
        user = await _audited(Act.ACTIVATION_RESENT, action, customer)
        if user.activated_at is not None:
            raise CustomerActive("customerId")
        await logins.resend_activation(user, now=action.now)
    return user.id


async def show_contacts(action: StaffAction, customer: CustomerRef) -> CustomerContacts:
    """The address and the telephone number, which are masked everywhere else. Raises as `lock`."""
    why = require_reason(customer.typed_reason)
    async with in_transaction():
        user = await _audited(Act.CONTACTS_SHOWN, action, customer)
        await _notify(Act.CONTACTS_SHOWN, action, user, why)
    return CustomerContacts(user.email, user.phone)


async def open_cabinet(action: StaffAction, customer: CustomerRef) -> OpenedSession:
    """A read-only session with the customer's eyes; the customer sees that, and why.

    Raises as `lock`, and `CustomerNotFound` for a login that can't sign in itself.
    """
    why = require_reason(customer.typed_reason)
    async with in_transaction():
        user = await _audited(Act.CABINET_OPENED, action, customer)
        if user.activated_at is None or user.locked_at is not None:
            raise CustomerNotFound("customerId")
        await _notify(Act.CABINET_OPENED, action, user, why)
        visit = StaffAccess(action.staff.id, why)
        return await sessions.open_for_staff(user.id, visit, client=action.client, now=action.now)


async def _audited(act: Act, action: StaffAction, customer: CustomerRef) -> User:
    """The customer, locked until the transaction ends, with the act in the log."""
    why = require_reason(customer.typed_reason)
    user = await User.filter(id=customer.customer_id).select_for_update().first()
    if user is None:
        raise CustomerNotFound("customerId")
    await record_action(act, Subject("user", user.id), action, reason=why)
    return user


async def _notify(act: Act, action: StaffAction, user: User, reason: str) -> None:
    await audit.notify_customers(act, [user.id], action.staff, reason=reason, now=action.now)


async def decide(
    action: StaffAction, link_id: UUID | None, typed_reason: str, *, restored: bool
) -> UUID:
    """Give the account back, or end the link; the customer gets a mail either way.

    Raises `LinkNotSuspended`, also when a colleague was faster, and `ReasonRequired`.
    """
    why = require_reason(typed_reason)
    act = Act.LINK_RESTORED if restored else Act.LINK_ENDED
    async with in_transaction():
        decided = await (links.restore if restored else links.end_suspended)(
            link_id, now=action.now
        )
        if decided is None:
            raise LinkNotSuspended("linkId")
        await record_action(act, Subject("account_link", decided.id), action, reason=why)
    return decided.id


# A message takes minutes to arrive, and who hasn't got three won't get the fourth.
PER_NOTICE = AttemptLimit(
    "notice-resend/notice",
    (AttemptWindow(1, 10 * MINUTE), AttemptWindow(3, DAY)),
    TooManyStaffTries,
)
# As many as a clerk can have callers; SMS cost money.
PER_STAFF = AttemptLimit(
    "notice-resend/staff", (AttemptWindow(30, HOUR), AttemptWindow(100, DAY)), TooManyStaffTries
)


async def resend_notice(
    action: StaffAction, notice_id: UUID | None, *, today: date, links: Signer
) -> UUID:
    """Send it again in all ways that the customer wants and that work.

    Raises `StaffNoticeNotFound`, `NoticeOnItsWay`, `NoticeUndeliverable`, `TooManyStaffTries`.
    """
    missing = StaffNoticeNotFound("noticeId")
    if not await Notice.exists(id=notice_id):
        raise missing
    for limit, subject in ((PER_NOTICE, notice_id), (PER_STAFF, action.staff.id)):
        await rate_limits.count_attempt(limit, subject, signer=links, now=action.now)

    async def again(key: UUID) -> None:
        notice = await Notice.get_or_none(id=key)
        if notice is None:
            raise missing
        if not await resend(notice, today=today, now=action.now):
            waits = await is_in_delivery(key)
            raise (NoticeOnItsWay if waits else NoticeUndeliverable)("noticeId")

    return await audited(Act.NOTICE_RESENT, TargetRow("notice", notice_id, missing), action, again)


async def accept(action: StaffAction, reading_id: UUID | None, *, billing: BillingGateway) -> UUID:
    """It counts. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    return await audited(
        Act.READING_ACCEPTED,
        _target_row(reading_id),
        action,
        lambda key: changes.accept_reading(key, billing=billing, now=action.now),
    )


async def reject(
    action: StaffAction, reading_id: UUID | None, reason: str, *, billing: BillingGateway
) -> UUID:
    """It doesn't count; the customer reads why. Raises as `accept`, and `ReasonInvalid`."""
    return await audited(
        Act.READING_REJECTED,
        _target_row(reading_id),
        action,
        lambda key: changes.reject_reading(key, reason, billing=billing, now=action.now),
        reason=" ".join(reason.split()),
    )


def _target_row(reading_id: UUID | None) -> TargetRow:
    return TargetRow("reading", reading_id, ReadingNotFound("readingId"))
