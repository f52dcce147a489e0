"""Staff actions on customers: logins, contacts, the cabinet as they see it, notices."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    MINUTE,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
)
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions, users
from lk_graphql.identity.service.sessions import OpenedSession, StaffAccess
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.models import Notice
from lk_graphql.notifications.service.outbox import is_in_delivery, resend
from lk_graphql.staff.errors import (
    CustomerActive,
    CustomerNotFound,
    NoticeOnItsWay,
    NoticeUndeliverable,
    StaffNoticeNotFound,
)
from lk_graphql.staff.models import Act
from lk_graphql.staff.service import audit
from lk_graphql.staff.service import sessions as staff_sessions
from lk_graphql.staff.service.audit import (
    StaffAction,
    Subject,
    TargetRow,
    audited,
    record_action,
    require_reason,
)

# Delivery takes minutes; after three failed messages, a fourth one is unlikely to arrive.
PER_NOTICE = AttemptLimit(
    "notice-resend/notice", (AttemptWindow(1, 10 * MINUTE), AttemptWindow(3, DAY))
)
# About the number of a clerk's callers; each SMS is billed.
PER_STAFF = AttemptLimit("notice-resend/staff", (AttemptWindow(30, HOUR), AttemptWindow(100, DAY)))


@dataclass(frozen=True)
class CustomerRef:
    """A customer and the reason for the action."""

    customer_id: UUID | None
    typed_reason: str


@dataclass(frozen=True)
class CustomerContacts:
    """Email address and telephone number."""

    email: str
    phone: str


async def lock(action: StaffAction, customer: CustomerRef) -> UUID:
    """Lock a customer out and end their sessions. Raises `CustomerNotFound`, `ReasonRequired`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_LOCKED, action, customer)
        await users.lock_user(user, now=action.now)
    return user.id


async def unlock(action: StaffAction, customer: CustomerRef) -> UUID:
    """Unlock a customer. Raises as `lock`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_UNLOCKED, action, customer)
        user.locked_at = None
        await user.save(update_fields=["locked_at"])
    return user.id


async def end_sessions(action: StaffAction, customer: CustomerRef) -> UUID:
    """End all sessions of a customer, after the loss of a telephone. Raises as `lock`."""
    async with in_transaction():
        user = await _audited(Act.CUSTOMER_SESSIONS_ENDED, action, customer)
        await sessions.end_all(user.id, now=action.now)
    return user.id


async def resend_activation(action: StaffAction, customer: CustomerRef) -> UUID:
    """Mail the activation link again. Raises as `lock`, and `CustomerActive`."""
    async with in_transaction():
        user = await _audited(Act.ACTIVATION_RESENT, action, customer)
        if user.activated_at is not None:
            raise CustomerActive("customerId")
        await users.resend_activation(user, now=action.now)
    return user.id


async def show_contacts(action: StaffAction, customer: CustomerRef) -> CustomerContacts:
    """Unmasked address and telephone number; the customer sees the access. Raises as `lock`."""
    reason = require_reason(customer.typed_reason)
    async with in_transaction():
        user = await _audited(Act.CONTACTS_SHOWN, action, customer)
        await _notify(Act.CONTACTS_SHOWN, action, user, reason)
    return CustomerContacts(user.email, user.phone)


async def open_cabinet(action: StaffAction, customer: CustomerRef) -> OpenedSession:
    """Open a read-only session in the customer's cabinet; the customer sees the access.

    Raises as `lock`, `CustomerNotFound` for a login that is locked or not activated, and
    `NotSignedIn` if the clerk's session ended in the meantime: it ends the cabinets that it opened.
    """
    reason = require_reason(customer.typed_reason)
    async with in_transaction():
        user = await _audited(Act.CABINET_OPENED, action, customer)
        await staff_sessions.lock_own(action.staff)
        if user.activated_at is None or user.locked_at is not None:
            raise CustomerNotFound("customerId")
        await _notify(Act.CABINET_OPENED, action, user, reason)
        access = StaffAccess(action.staff.id, reason)
        return await sessions.open_for_staff(user.id, access, client=action.client, now=action.now)


async def resend_notice(
    action: StaffAction, notice_id: UUID | None, *, today: date, signer: Signer
) -> UUID:
    """Resend a notice through all channels that the customer has enabled and that work.

    Raises `StaffNoticeNotFound`, `NoticeOnItsWay`, `NoticeUndeliverable`, `RateLimitExceeded`.
    """
    missing = StaffNoticeNotFound("noticeId")
    if not await Notice.exists(id=notice_id):
        raise missing

    async def send_again(key: UUID) -> None:
        notice = await Notice.get_or_none(id=key)
        if notice is None:
            raise missing
        if not await resend(notice, today=today, now=action.now):
            is_queued = await is_in_delivery(key)
            raise (NoticeOnItsWay if is_queued else NoticeUndeliverable)("noticeId")

    async with AttemptCounter(signer, action.now) as attempts:
        for limit, subject in ((PER_NOTICE, notice_id), (PER_STAFF, action.staff.id)):
            await attempts.count(limit, subject)
        return await audited(
            Act.NOTICE_RESENT, TargetRow("notice", notice_id, missing), action, send_again
        )


async def _audited(act: Act, action: StaffAction, customer: CustomerRef) -> User:
    """Lock the customer's row until the transaction ends, and audit the action.

    Raises `CustomerNotFound` also for a login whose personal data are erased: it is nobody's.
    """
    reason = require_reason(customer.typed_reason)
    logins = User.filter(id=customer.customer_id, erased_at=None)
    user = await logins.select_for_update().first()
    if user is None:
        raise CustomerNotFound("customerId")
    await record_action(act, Subject("user", user.id), action, reason=reason)
    return user


async def _notify(act: Act, action: StaffAction, user: User, reason: str) -> None:
    await audit.notify_customers(act, [user.id], action.staff, reason=reason, now=action.now)
