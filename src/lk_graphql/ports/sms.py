"""SMS by SMSC's HTTP interface, written from its public reference (https://smsc.ru/api/http/).

Tested with a server that implements the reference, not yet with the live service: send an SMS to
your own phone before customers depend on it.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol
from uuid import UUID

import httpx

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.errors import PermanentError, RecipientUnknown
from lk_graphql.ports.service_calls import service_call


class SmsGateway(Protocol):
    """Sends SMS."""

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        """Raises `SmsGatewayUnavailable`, `SmsRefused` or `PhoneNotFound`.

        `key` is the idempotency key. With `is_repeat` an earlier call with this key may have
        reached the gateway; if it did, nothing is sent.
        """
        ...


class SmsGatewayUnavailable(Exception):
    """A temporary failure of the gateway.

    The message is the gateway's code, as that of `SmsRefused`, without text and phone number,
    because exceptions are logged.
    """


class SmsRefused(PermanentError):
    """A permanent refusal of this SMS."""


class PhoneNotFound(SmsRefused, RecipientUnknown):
    """The number does not exist, or takes no SMS."""


_CONCURRENCY = 4
"""The gateway refuses a fifth concurrent request of a login with code 9."""

_REFUSED = {6: SmsRefused, 7: PhoneNotFound, 8: PhoneNotFound}
"""Errors by code: a forbidden text or sender, an invalid number, an unreachable number.

The other codes are temporary or about our account (wrong password, no money, blocked address), so
the SMS is retried. Code 9 is one of them: it means a repeat within a minute or too many concurrent
requests, so it does not prove that the SMS was accepted.
"""

_NO_SUCH_MESSAGE = 3
_NOT_FOUND = -3
_WRONG_NUMBERS = {22, 25}
"""Statuses of a message: the number is invalid, or takes no SMS."""


@dataclass(frozen=True)
class SmscAccess:
    """The credentials at the gateway; `sender` is a registered sender name, or empty."""

    login: str
    password: str = field(repr=False)
    sender: str = ""


class Smsc:
    """Sends each SMS by one POST over a new connection.

    The gateway accepts a message id repeatedly, so the status is checked before a repeat.
    """

    def __init__(self, access: SmscAccess, *, address: str) -> None:
        self._access = access
        self._address = address
        self._slots = asyncio.Semaphore(_CONCURRENCY)

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        with service_call("sms", "send"):
            await self._send(text, to, key, is_repeat=is_repeat)

    async def _send(self, text: str, to: Phone, key: UUID, *, is_repeat: bool) -> None:
        if is_repeat and await self._is_accepted(to, key):
            return
        form = {"phones": to, "mes": text, "id": key.hex, "sender": self._access.sender}
        reply = await self._post("send", {name: value for name, value in form.items() if value})
        if (code := reply.get("error_code")) is not None:
            raise _REFUSED.get(code, SmsGatewayUnavailable)(f"SMSC error {code}")

    async def _is_accepted(self, to: Phone, key: UUID) -> bool:
        """Raises `SmsGatewayUnavailable` for an unclear status, when a resend might be a repeat."""
        status_reply = await self._post("status", {"phone": to, "id": key.hex})
        status, error = status_reply.get("status"), status_reply.get("error_code")
        if status in _WRONG_NUMBERS:
            raise PhoneNotFound(f"SMSC status {status}")
        if error == _NO_SUCH_MESSAGE or status == _NOT_FOUND:
            return False
        if not isinstance(status, int):
            raise SmsGatewayUnavailable(f"SMSC error {error}")
        return True

    async def _post(self, script: str, form: dict[str, str]) -> dict[str, Any]:
        credentials = {
            "login": self._access.login,
            "psw": self._access.password,
            "charset": "utf-8",
            "fmt": "3",  # answers are JSON
        }
        try:
            async with self._slots, httpx.AsyncClient(timeout=20, verify=_tls()) as client:
                url = f"{self._address}/sys/{script}.php"
                response = await client.post(url, data=credentials | form)
            response.raise_for_status()
            return dict(response.json())
        except httpx.HTTPStatusError as refused:
            raise SmsGatewayUnavailable(f"HTTP {refused.response.status_code}") from None
        except (httpx.HTTPError, ValueError, TypeError) as outage:
            raise SmsGatewayUnavailable(type(outage).__name__) from None


@cache
def _tls() -> ssl.SSLContext:
    """The certificates of authorities, read once, because that takes time."""
    return httpx.create_ssl_context()


@dataclass
class InMemorySmsGateway:
    """Collects SMS in memory, and drops repeats of a key, as gateways do."""

    sent: dict[UUID, tuple[Phone, str]] = field(default_factory=dict[UUID, tuple[Phone, str]])

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if not (is_repeat and key in self.sent):
            self.sent[key] = (to, text)

    def to(self, phone: Phone) -> list[str]:
        """The texts to a phone, the oldest first."""
        return [text for recipient, text in self.sent.values() if recipient == phone]
