"""Staff actions on customers: logins, account links, notices, readings under review."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service import links
from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, Limit, Window
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions
from lk_graphql.identity.service import users as logins
from lk_graphql.identity.service.sessions import Opened, Visit
from lk_graphql.kit.signing import Links
from lk_graphql.metering.errors import ReadingNotFound
from lk_graphql.metering.service import changes
from lk_graphql.metering.service.billing_gateway import BillingSide
from lk_graphql.notifications.models import Notice
from lk_graphql.notifications.service.outbox import is_on_its_way, resend
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
from lk_graphql.staff.service.audit import Doing, Row, Subject, note, noted, reason


@dataclass(frozen=True)
class Whom:
    """A customer, and why something is done with their login."""

    customer_id: UUID | None
    typed_reason: str


@dataclass(frozen=True)
class Contacts:
    """How to reach a customer."""

    email: str
    phone: str


async def lock(doing: Doing, whom: Whom) -> UUID:
    """Keep a customer out, at once. Raises `CustomerNotFound`, `ReasonRequired`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_LOCKED, doing, whom)
        await logins.lock_known(user, now=doing.now)
    return user.id


async def unlock(doing: Doing, whom: Whom) -> UUID:
    """Let a customer in again. Raises as `lock`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_UNLOCKED, doing, whom)
        user.locked_at = None
        await user.save(update_fields=["locked_at"])
    return user.id


async def end_sessions(doing: Doing, whom: Whom) -> UUID:
    """Sign a customer out everywhere: a lost telephone. Raises as `lock`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_SESSIONS_ENDED, doing, whom)
        await sessions.end_all(user.id, now=doing.now)
    return user.id


async def resend_activation(doing: Doing, whom: Whom) -> UUID:
    """Mail the activation link once more. Raises as `lock`, and `CustomerActive`."""
    async with in_transaction():
        user = await _noted(Act.ACTIVATION_RESENT, doing, whom)
        if user.activated_at is not None:
            raise CustomerActive("customerId")
        await logins.invite_again(user, now=doing.now)
    return user.id


async def show_contacts(doing: Doing, whom: Whom) -> Contacts:
    """The address and the telephone number, which are masked everywhere else. Raises as `lock`."""
    why = reason(whom.typed_reason)
    async with in_transaction():
        user = await _noted(Act.CONTACTS_SHOWN, doing, whom)
        await _tell(Act.CONTACTS_SHOWN, doing, user, why)
    return Contacts(user.email, user.phone)


async def open_cabinet(doing: Doing, whom: Whom) -> Opened:
    """A read-only session with the customer's eyes; the customer sees that, and why.

    Raises as `lock`, and `CustomerNotFound` for a login that can't sign in itself.
    """
    why = reason(whom.typed_reason)
    async with in_transaction():
        user = await _noted(Act.CABINET_OPENED, doing, whom)
        if user.activated_at is None or user.locked_at is not None:
            raise CustomerNotFound("customerId")
        await _tell(Act.CABINET_OPENED, doing, user, why)
        visit = Visit(doing.staff.id, why)
        return await sessions.open_for_staff(user.id, visit, client=doing.client, now=doing.now)


async def _noted(act: Act, doing: Doing, whom: Whom) -> User:
    """The customer, locked until the transaction ends, with the act in the log."""
    why = reason(whom.typed_reason)
    user = await User.filter(id=whom.customer_id).select_for_update().first()
    if user is None:
        raise CustomerNotFound("customerId")
    await note(act, Subject("user", user.id), doing, reason=why)
    return user


async def _tell(act: Act, doing: Doing, user: User, why: str) -> None:
    await audit.tell(act, [user.id], doing.staff, reason=why, now=doing.now)


async def decide(doing: Doing, link_id: UUID | None, typed_reason: str, *, restored: bool) -> UUID:
    """Give the account back, or end the link; the customer gets a mail either way.

    Raises `LinkNotSuspended`, also when a colleague was faster, and `ReasonRequired`.
    """
    why = reason(typed_reason)
    act = Act.LINK_RESTORED if restored else Act.LINK_ENDED
    async with in_transaction():
        decided = await (links.restore if restored else links.end_suspended)(link_id, now=doing.now)
        if decided is None:
            raise LinkNotSuspended("linkId")
        await note(act, Subject("account_link", decided.id), doing, reason=why)
    return decided.id


# A message takes minutes to arrive, and who hasn't got three won't get the fourth.
OF_NOTICE = Limit(
    "notice-resend/notice", (Window(1, 10 * MINUTE), Window(3, DAY)), TooManyStaffTries
)
# As many as a clerk can have callers; SMS cost money.
BY_STAFF = Limit("notice-resend/staff", (Window(30, HOUR), Window(100, DAY)), TooManyStaffTries)


async def resend_notice(doing: Doing, notice_id: UUID | None, *, today: date, links: Links) -> UUID:
    """Send it again in all ways that the customer wants and that work.

    Raises `StaffNoticeNotFound`, `NoticeOnItsWay`, `NoticeUndeliverable`, `TooManyStaffTries`.
    """
    missing = StaffNoticeNotFound("noticeId")
    if not await Notice.exists(id=notice_id):
        raise missing
    for limit, subject in ((OF_NOTICE, notice_id), (BY_STAFF, doing.staff.id)):
        await rate_limits.spend(limit, subject, links=links, now=doing.now)

    async def again(key: UUID) -> None:
        notice = await Notice.get_or_none(id=key)
        if notice is None:
            raise missing
        if not await resend(notice, today=today, now=doing.now):
            waits = await is_on_its_way(key)
            raise (NoticeOnItsWay if waits else NoticeUndeliverable)("noticeId")

    return await noted(Act.NOTICE_RESENT, Row("notice", notice_id, missing), doing, again)


async def accept(doing: Doing, reading_id: UUID | None, *, billing: BillingSide) -> UUID:
    """It counts. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    return await noted(
        Act.READING_ACCEPTED,
        _row(reading_id),
        doing,
        lambda key: changes.accept_reading(key, billing=billing, now=doing.now),
    )


async def reject(
    doing: Doing, reading_id: UUID | None, reason: str, *, billing: BillingSide
) -> UUID:
    """It doesn't count; the customer reads why. Raises as `accept`, and `ReasonInvalid`."""
    return await noted(
        Act.READING_REJECTED,
        _row(reading_id),
        doing,
        lambda key: changes.reject_reading(key, reason, billing=billing, now=doing.now),
        reason=" ".join(reason.split()),
    )


def _row(reading_id: UUID | None) -> Row:
    return Row("reading", reading_id, ReadingNotFound("readingId"))
