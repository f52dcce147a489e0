"""Who is asking, and from where."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.languages import Language


class Viewer(NamedTuple):
    """The signed-in customer. The only way to get one is a living session."""

    id: UUID
    session_id: UUID


@dataclass(frozen=True)
class Client:
    """The program at the other end: its address (the proxy's word, where we trust the proxy)."""

    address: str
    user_agent: str
    language: Language = Language.RU
