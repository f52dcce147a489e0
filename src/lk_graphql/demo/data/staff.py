"""The demo's members of staff, and rows of their work."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise import Model

from lk_graphql.accounts.models import AccountLink, LinkEvent, LinkEventKind, LinkRole, LinkState
from lk_graphql.demo.data.rng import Keys, evening
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import AccessNote, Act, AuditEntry, Callback, StaffMember


class Colleague(NamedTuple):
    email: str
    last_name: str
    first_name: str
    patronymic: str
    role: Role


STAFF = (
    Colleague("clerk@example.com", "Белова", "Ольга", "Игоревна", Role.CLERK),
    Colleague("supervisor@example.com", "Громов", "Сергей", "Павлович", Role.SUPERVISOR),
    Colleague("admin@example.com", "Якушева", "Нина", "Львовна", Role.ADMIN),
)


def telephoned(clerk: StaffMember, user_id: UUID, today: date) -> Iterator[Model]:
    """A lookup of a customer's phone a week ago: an audit entry, and a note for the customer."""
    day = today - timedelta(days=7)
    keys, at = Keys("telephoned", clerk.email), evening(day) - timedelta(hours=4)
    act, reason = Act.CONTACTS_SHOWN, "Перезвонить по вопросу о показаниях"
    entry = AuditEntry.construct(
        id=keys.new(day),
        staff_id=clerk.id,
        act=act,
        subject="user",
        subject_id=user_id,
        reason=reason,
        happened_at=at,
    )
    yield entry
    yield AccessNote.construct(
        id=keys.new(day),
        user_id=user_id,
        what=act,
        role=clerk.role,
        reason=reason,
        happened_at=at,
    )


def promised(clerk: StaffMember, account_id: UUID, today: date) -> Callback:
    """A call that a clerk has promised for tomorrow."""
    day = today - timedelta(days=1)
    return Callback.construct(
        id=Keys("promised", clerk.email).new(day),
        account_id=account_id,
        due_on=today + timedelta(days=1),
        text="Перезвонить после сверки показаний с сетевой компанией; звонила дочь абонента.",
        member_id=clerk.id,
        created_at=evening(day) - timedelta(hours=5),
    )


def unrecognised(user_id: UUID, account_id: UUID, today: date) -> Iterator[Model]:
    """A link to which the account's owner has objected, for staff to decide."""
    day = today - timedelta(days=3)
    keys, linked = Keys("unrecognised"), evening(day)
    at, member = linked + timedelta(hours=11), LinkRole.MEMBER
    link = AccountLink.construct(
        id=keys.new(day),
        account_id=account_id,
        user_id=user_id,
        role=member,
        state=LinkState.SUSPENDED,
        linked_at=linked,
        changed_at=at,
    )
    yield link
    happened = ((LinkEventKind.LINKED, linked), (LinkEventKind.SUSPENDED_BY_NOTICE, at))
    yield from (
        LinkEvent.construct(
            id=keys.new(day),
            account_id=account_id,
            link_id=link.id,
            user_id=user_id,
            kind=kind,
            client_address="192.0.2.15",
            happened_at=moment,
        )
        for kind, moment in happened
    )


def hired(today: date, password_hash: str) -> Iterator[StaffMember]:
    """All members, added three months ago, with a password and a second factor."""
    day = today - timedelta(days=90)
    began = evening(day) - timedelta(hours=9)
    for member in STAFF:
        yield StaffMember.construct(
            id=Keys("staff", member.email).new(day),
            **member._asdict(),
            password_hash=password_hash,
            enrolled_at=began + timedelta(hours=1),
            created_at=began,
        )
