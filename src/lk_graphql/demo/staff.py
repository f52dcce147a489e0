"""The people who answer the demo's customers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import LinkEventKind, LinkRole, LinkState
from lk_graphql.backoffice.models import Act
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.people import AccountLinkRow, LinkEventRow
from lk_graphql.kit.viewer import Role


class StaffMemberRow(NamedTuple):
    id: UUID
    email: str
    last_name: str
    first_name: str
    patronymic: str | None
    role: Role
    password_hash: str
    factor_nonce: bytes
    enrolled_at: datetime
    created_at: datetime


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


class AuditEntryRow(NamedTuple):
    id: UUID
    staff_id: UUID
    act: Act
    subject: str
    subject_id: UUID
    reason: str
    happened_at: datetime


class AccessNoteRow(NamedTuple):
    id: UUID
    user_id: UUID
    what: Act
    role: Role
    reason: str
    happened_at: datetime


Tables = Iterator[tuple[str, list[Any]]]


def telephoned(clerk: StaffMemberRow, user_id: UUID, today: date) -> Tables:
    """The clerk looked up a customer's number a week ago: in the log, and told to the customer."""
    day = today - timedelta(days=7)
    keys, at = Keys("telephoned", clerk.email), evening(day) - timedelta(hours=4)
    act, why = Act.CONTACTS_SHOWN, "Перезвонить по вопросу о показаниях"
    entry = AuditEntryRow(keys.new(day), clerk.id, act, "user", user_id, why, at)
    yield "audit_entry", [entry]
    yield "access_note", [AccessNoteRow(keys.new(day), user_id, act, clerk.role, why, at)]


def unrecognised(user_id: UUID, account_id: UUID, today: date) -> Tables:
    """Somebody linked an account, and its owner objected: staff have to decide."""
    day = today - timedelta(days=3)
    keys, linked = Keys("unrecognised"), evening(day)
    at, member = linked + timedelta(hours=11), LinkRole.MEMBER
    link = AccountLinkRow(
        keys.new(day), account_id, user_id, member, LinkState.SUSPENDED, None, linked, at
    )
    yield "account_link", [link]
    happened = ((LinkEventKind.LINKED, linked), (LinkEventKind.SUSPENDED_BY_NOTICE, at))
    yield (
        "link_event",
        [
            LinkEventRow(keys.new(day), account_id, link.id, user_id, kind, "192.0.2.15", moment)
            for kind, moment in happened
        ],
    )


def hired(today: date, password_hash: str) -> Iterator[StaffMemberRow]:
    """All of them since three months ago, with a password and a second factor."""
    day = today - timedelta(days=90)
    began = evening(day) - timedelta(hours=9)
    for one in STAFF:
        yield StaffMemberRow(
            id=Keys("staff", one.email).new(day),
            **one._asdict(),
            password_hash=password_hash,
            factor_nonce=sha256(one.email.encode()).digest(),
            enrolled_at=began + timedelta(hours=1),
            created_at=began,
        )
