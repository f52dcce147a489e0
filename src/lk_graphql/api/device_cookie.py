"""The cookies of sign-ins: the sessions that a request carries, and the device's tokens."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from starlette.requests import cookie_parser

from lk_graphql.api.context import Context
from lk_graphql.api.request import RequestHeaders
from lk_graphql.api.request_errors import CookieWouldBeLost
from lk_graphql.guards import devices
from lk_graphql.kit.viewer import SignInSource

_SEPARATOR = "~"


@dataclass(frozen=True)
class DeviceCookie:
    """The cookie with the device's tokens; as for sessions, staff have a separate cookie.

    `SameSite=Strict` suffices: only the cabinet's own page signs in.
    """

    secure: bool
    is_for_staff: bool

    @cached_property
    def name(self) -> str:
        name = "lk_staff_device" if self.is_for_staff else "lk_device"
        return f"__Host-{name}" if self.secure else name

    def read(self, headers: RequestHeaders) -> list[str]:
        value = cookie_parser(headers.get("cookie", "")).get(self.name, "")
        return value.split(_SEPARATOR)[: devices.MAX_TOKENS] if value else []

    def set(self, tokens: list[str], now: datetime) -> str:
        """A `Set-Cookie` value."""
        secure = "; Secure" if self.secure else ""
        expires = format_datetime((now + devices.LIFETIME).astimezone(UTC), usegmt=True)
        value = _SEPARATOR.join(tokens)
        return f"{self.name}={value}; Path=/; Expires={expires}; HttpOnly; SameSite=Strict{secure}"


class SignInTokens(Protocol):
    """The tokens of a sign-in: the session's with its expiry, and the device's."""

    @property
    def token(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...
    @property
    def device_token(self) -> str: ...


def source_of(
    context: Context, device_token: str | None = None, *, is_for_staff: bool = False
) -> SignInSource:
    """The client, sessions and devices of a request; API clients send `device_token`."""
    tokens = _device_cookie(context, is_for_staff=is_for_staff).read(context.headers)
    if device_token is not None:
        tokens = [device_token, *tokens]
    sessions = context.cookie.all_tokens(context.headers)
    hashes = tuple(sha256(token.encode("latin-1")).digest() for token in sessions)
    return SignInSource(context.client, hashes, tuple(tokens))


def require_same_site(context: Context) -> None:
    """Refuse a sign-in by cookie from a page of another site. Raises `CookieWouldBeLost`.

    The sign-in would succeed, but the browser would drop the cookie.
    """
    headers = context.headers
    if headers.get("sec-fetch-site") == "cross-site":
        raise CookieWouldBeLost(headers.get("origin", ""), headers.get("host", ""))


def deliver(context: Context, result: SignInTokens, *, is_for_staff: bool = False) -> None:
    """Set the cookies of the new session and of the device."""
    cookie = context.cookie.for_staff if is_for_staff else context.cookie
    context.set_cookies.append(cookie.set(result.token, result.expires_at))
    device_cookie = _device_cookie(context, is_for_staff=is_for_staff)
    tokens = devices.with_new(result.device_token, device_cookie.read(context.headers))
    context.set_cookies.append(device_cookie.set(tokens, context.now))


def clear_ended(context: Context) -> None:
    """Clear the cookies of the sessions that the sign-in has ended.

    Otherwise the cookie of an ended staff session would take precedence over a customer's new one.
    """
    names = cookie_parser(context.headers.get("cookie", ""))
    for cookie in (context.cookie, context.cookie.for_staff):
        if cookie.name in names:
            context.set_cookies.append(cookie.clear())


def _device_cookie(context: Context, *, is_for_staff: bool) -> DeviceCookie:
    return DeviceCookie(context.cookie.secure, is_for_staff)
