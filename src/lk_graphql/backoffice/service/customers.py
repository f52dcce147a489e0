"""What staff do with a customer's login; each act needs a reason and is noted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.errors import CustomerActive, CustomerNotFound
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.backoffice.service.reasons import reason
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions
from lk_graphql.identity.service import staff as logins
from lk_graphql.identity.service.sessions import Opened, Visit
from lk_graphql.kit.viewer import Client, Staff


@dataclass(frozen=True)
class Doing:
    """Who does something to which customer, why, from where and when."""

    staff: Staff
    customer_id: UUID | None
    typed_reason: str
    client: Client
    now: datetime


@dataclass(frozen=True)
class Contacts:
    """How to reach a customer."""

    email: str
    phone: str


async def lock(doing: Doing) -> UUID:
    """Keep a customer out, at once. Raises `CustomerNotFound`, `ReasonRequired`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_LOCKED, doing)
        await logins.lock_known(user, now=doing.now)
    return user.id


async def unlock(doing: Doing) -> UUID:
    """Let a customer in again. Raises as `lock`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_UNLOCKED, doing)
        user.locked_at = None
        await user.save(update_fields=["locked_at"])
    return user.id


async def end_sessions(doing: Doing) -> UUID:
    """Sign a customer out everywhere: a lost telephone. Raises as `lock`."""
    async with in_transaction():
        user = await _noted(Act.CUSTOMER_SESSIONS_ENDED, doing)
        await sessions.end_all(user.id, now=doing.now)
    return user.id


async def resend_activation(doing: Doing) -> UUID:
    """Mail the activation link once more. Raises as `lock`, and `CustomerActive`."""
    async with in_transaction():
        user = await _noted(Act.ACTIVATION_RESENT, doing)
        if user.activated_at is not None:
            raise CustomerActive("customerId")
        await logins.invite_again(user, now=doing.now)
    return user.id


async def show_contacts(doing: Doing) -> Contacts:
    """The address and the telephone number, which are masked everywhere else. Raises as `lock`."""
    async with in_transaction():
        user = await _noted(Act.CONTACTS_SHOWN, doing)
        await _tell(Act.CONTACTS_SHOWN, doing)
    return Contacts(user.email, user.phone)


async def open_cabinet(doing: Doing) -> Opened:
    """A read-only session with the customer's eyes; the customer sees that, and why.

    Raises as `lock`, and `CustomerNotFound` for a login that can't sign in itself.
    """
    async with in_transaction():
        user = await _noted(Act.CABINET_OPENED, doing)
        if user.activated_at is None or user.locked_at is not None:
            raise CustomerNotFound("customerId")
        await _tell(Act.CABINET_OPENED, doing)
        return await sessions.open_for_staff(
            user.id,
            Visit(doing.staff.id, reason(doing.typed_reason)),
            client=doing.client,
            now=doing.now,
        )


async def _noted(act: Act, doing: Doing) -> User:
    """The customer, locked until the transaction ends, with the act in the log."""
    why = reason(doing.typed_reason)
    user = await User.filter(id=doing.customer_id).select_for_update().first()
    if user is None:
        raise CustomerNotFound("customerId")
    subject = Subject("user", user.id)
    by, client = doing.staff.id, doing.client
    await audit.record(act, subject, by=by, client=client, reason=why, now=doing.now)
    return user


async def _tell(act: Act, doing: Doing) -> None:
    user_ids = [doing.customer_id] if doing.customer_id else []
    why = reason(doing.typed_reason)
    await audit.tell(act, user_ids, doing.staff, reason=why, now=doing.now)
