"""Who is asking, and from where."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.languages import Language


class Viewer(NamedTuple):
    """The signed-in customer. The only way to get one is a living session.

    `is_read_only` when it is staff who look at the cabinet as the customer sees it: then every
    command refuses.
    """

    id: UUID
    session_id: UUID
    is_read_only: bool = False


class Role(StrEnum):
    """What staff may do; each may also do what those before it may."""

    CLERK = "CLERK"
    SUPERVISOR = "SUPERVISOR"
    ADMIN = "ADMIN"

    @property
    def and_above(self) -> tuple["Role", ...]:
        """Everybody who may do what this role may."""
        return tuple(Role)[tuple(Role).index(self) :]


class StaffViewer(NamedTuple):
    """A member of staff. The only way to get one is a living session, opened by two factors."""

    id: UUID
    session_id: UUID
    role: Role

    def may(self, role: Role) -> bool:
        """Whether what demands `role` is allowed."""
        return self.role in role.and_above


@dataclass(frozen=True)
class Client:
    """The program at the other end: its address (the proxy's word, where we trust the proxy)."""

    address: str
    user_agent: str
    language: Language = Language.RU
