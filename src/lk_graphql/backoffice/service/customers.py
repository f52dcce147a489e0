"""What staff do with a customer's login; each act needs a reason and is noted."""

from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.errors import CustomerActive, CustomerNotFound
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.acts import Doing, note
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.backoffice.service.reasons import reason
from lk_graphql.identity.models import User
from lk_graphql.identity.service import sessions
from lk_graphql.identity.service import staff as logins
from lk_graphql.identity.service.sessions import Opened, Visit


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
