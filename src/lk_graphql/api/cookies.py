"""The session cookie, and the session token of a request."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RequestCredentials(NamedTuple):
    """A session token (empty for a guest); one from a cookie requires the check of the origin."""

    token: str
    by_cookie: bool

    @property
    def token_hash(self) -> bytes:
        return sha256(self.token.encode("latin-1")).digest()


_GUEST = RequestCredentials("", by_cookie=False)


@dataclass(frozen=True)
class SessionCookie:
    """The name and the attributes of the session cookie.

    Browsers accept the prefix `__Host-` only over https, with `Path=/` and without a domain. The
    demo uses http on loopback, with `secure` off and a name without the prefix.
    """

    secure: bool = True
    is_for_staff: bool = False
    """Staff sessions have a cookie of their own, so one browser may hold both sessions."""

    @cached_property
    def name(self) -> str:
        name = "lk_staff" if self.is_for_staff else "lk_session"
        return f"__Host-{name}" if self.secure else name

    @cached_property
    def for_staff(self) -> "SessionCookie":
        return SessionCookie(self.secure, is_for_staff=True)

    def set(self, token: str, expires: datetime) -> str:
        """A `Set-Cookie` value; `expires` is an aware datetime."""
        secure = "; Secure" if self.secure else ""
        same_site = "Strict" if self.is_for_staff else "Lax"
        until = format_datetime(expires.astimezone(UTC), usegmt=True)
        return (
            f"{self.name}={token}; Path=/; Expires={until}; HttpOnly; SameSite={same_site}{secure}"
        )

    def clear(self) -> str:
        return self.set("", _EPOCH)

    def read(self, headers: Headers) -> RequestCredentials:
        """The credentials of a request: `Authorization`, else the staff cookie, else this one.

        A request has exactly one principal.
        """
        authorization = headers.get("authorization", "")
        if authorization[:7].lower() == "bearer ":
            return RequestCredentials(authorization[7:].strip(), by_cookie=False)
        cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        for name in (self.for_staff.name, self.name):
            if token := cookies.get(name):
                return RequestCredentials(token, by_cookie=True)
        return _GUEST
