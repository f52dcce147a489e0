"""The principals of a request, and its client."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.languages import Language


class Viewer(NamedTuple):
    """The signed-in customer; only an active session provides one.

    `is_read_only` is true while staff view the cabinet as the customer; commands then refuse.
    """

    id: UUID
    session_id: UUID
    is_read_only: bool = False


class Role(StrEnum):
    """A staff role; it includes the rights of the roles listed before it."""

    CLERK = "CLERK"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"

    @property
    def and_above(self) -> tuple["Role", ...]:
        """All roles with the rights of this one."""
        return tuple(Role)[tuple(Role).index(self) :]


class Audience(StrEnum):
    """A group of clients with its own view of the schema."""

    CUSTOMER = "customer"


class StaffViewer(NamedTuple):
    """A member of staff; only an active session with a second factor provides one."""

    id: UUID
    session_id: UUID
    role: Role

    def may(self, role: Role) -> bool:
        """Whether the rights of `role` are included."""
        return self.role in role.and_above


class Client(NamedTuple):
    """The client of a request; `address` is the address that a trusted proxy forwards, if any."""

    address: str
    user_agent: str
    language: Language = Language.RU


@dataclass(frozen=True)
class SignInSource:
    """The client of a sign-in, and the tokens that the request carries besides the form.

    `sessions` are the SHA-256 hashes of session tokens; the sign-in ends these sessions. `devices`
    are tokens of known devices.
    """

    client: Client
    sessions: tuple[bytes, ...] = ()
    devices: tuple[str, ...] = ()
