"""The session's cookie, and the token that a request carries in it or in `Authorization`."""

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
    """A token (empty for a guest) and how it came: a cookie needs guards that a header doesn't."""

    token: str
    by_cookie: bool

    @property
    def token_hash(self) -> bytes:
        return sha256(self.token.encode("latin-1")).digest()


_GUEST = RequestCredentials("", by_cookie=False)


@dataclass(frozen=True)
class SessionCookie:
    """How the session's cookie is called and guarded.

    Browsers accept the prefix `__Host-` only over https, for the whole host and no domain. The
    demo speaks plain http on loopback: there `secure` is off and the name another one.
    """

    secure: bool = True
    is_for_staff: bool = False
    """Staff have one of their own: whoever is both stays both, in one browser."""

    @cached_property
    def name(self) -> str:
        name = "lk_staff" if self.is_for_staff else "lk_session"
        return f"__Host-{name}" if self.secure else name

    @cached_property
    def for_staff(self) -> "SessionCookie":
        return SessionCookie(self.secure, is_for_staff=True)

    def set(self, token: str, expires: datetime) -> str:
        """A `Set-Cookie` value; `expires` is an aware moment in UTC."""
        secure = "; Secure" if self.secure else ""
        same_site = "Strict" if self.is_for_staff else "Lax"
        until = format_datetime(expires.astimezone(UTC), usegmt=True)
        return (
            f"{self.name}={token}; Path=/; Expires={until}; HttpOnly; SameSite={same_site}{secure}"
        )

    def clear(self) -> str:
        return self.set("", _EPOCH)

    def read(self, headers: Headers) -> RequestCredentials:
        """The request's token. A header counts before a cookie: someone wrote it on purpose.

        Staff's cookie counts before a customer's: a request is one person's, not two persons'.
        """
        authorization = headers.get("authorization", "")
        if authorization[:7].lower() == "bearer ":
            return RequestCredentials(authorization[7:].strip(), by_cookie=False)
        cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        for name in (self.for_staff.name, self.name):
            if token := cookies.get(name):
                return RequestCredentials(token, by_cookie=True)
        return _GUEST
