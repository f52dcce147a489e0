"""The people who answer the demo's customers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
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
