"""Files at stable paths, opened with a session or by a link that is bound to a session.

    GET /files/receipts/inv_…                 with the session's cookie or `Authorization`
    GET /files/receipts/inv_…?link=…          without, for `window.open` and other programs

A link ends with its session, with a change of the customer's password, with a lock of the login,
and at its expiry. One statement finds the reader and the file: see `statement`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.signing import Grant, Signer, sign_grant, verify_grant

LINK = "link"
"""The query parameter of a link."""
TOKEN_HASH, NOW, LINK_SESSION, LINK_ISSUED_AT, KEY = (
    "$1",
    "$2::timestamptz",
    "$3::uuid",
    "$4::timestamptz",
    "$5::uuid",
)
"""The parameters of a file's statement."""


class FileLink(NamedTuple):
    """The session to which a link is bound, and the time at which the link was issued."""

    session_id: UUID
    issued_at: datetime


@dataclass(frozen=True)
class FileRoute:
    """Paths of one kind of files: the folder, the prefix of the ids, the lifetime of links."""

    folder: str
    prefix: str
    lifetime: timedelta
    is_for_staff: bool = False

    @property
    def pattern(self) -> str:
        """The path of a route for `{id}`."""
        return f"/files/{self.folder}/{{id}}"

    def path(self, key: UUID) -> str:
        """The stable path, which needs a session."""
        return f"/files/{self.folder}/{to_public(self.prefix, key)}"

    def verify(self, key: UUID, text: str, *, now: datetime, signer: Signer) -> FileLink | None:
        """The link in a query string; None if it has expired or belongs to another file."""
        grant = verify_grant(signer, self.purpose, text, now=now)
        if grant is None or grant.key != key:
            return None
        return FileLink(grant.holder_id, grant.until - self.lifetime)

    @property
    def purpose(self) -> str:
        """The purpose of the signatures of links."""
        return f"file:{self.folder}"


class FileUrls(NamedTuple):
    """The URLs of files with links for one session, or none for guests."""

    session_id: UUID | None
    now: datetime
    public_url: str
    signer: Signer

    def of(self, route: FileRoute, key: UUID) -> str | None:
        """The URL of a file; None for guests."""
        if self.session_id is None:
            return None
        grant = Grant(key, self.session_id, self.now + route.lifetime)
        text = sign_grant(self.signer, route.purpose, grant)
        return f"{self.public_url}{route.path(key)}?{LINK}={text}"


def reader_sql(session: Callable[[str, str], str], linked_token: str) -> str:
    """The SQL of the reader: the token's session, or else the link's session (`by_link`).

    `session` makes the SQL of a live session from a token's hash and the time; `linked_token`
    selects the token's hash of the link's session.
    """
    return (
        f"SELECT *, false AS by_link FROM ({session(TOKEN_HASH, NOW)}) AS by_token "  # noqa: S608 - parameters
        f"UNION ALL SELECT *, true FROM ({session(linked_token, NOW)}) AS linked "
        "ORDER BY by_link LIMIT 1"
    )


def statement(reader: str, file: str) -> str:
    """The statement for reader and file: no row without a reader, a null `file_id` without a file.

    `file` selects the file by `KEY`, and only if `reader` may see it.
    """
    return (
        f"WITH reader AS MATERIALIZED ({reader}) "  # noqa: S608 - SQL from this project's code
        "SELECT reader.*, file.* FROM reader "
        f"LEFT JOIN LATERAL ({file}) AS file ON true"
    )
