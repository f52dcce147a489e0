"""SMS by SMSC's HTTP interface, written from its public reference (https://smsc.ru/api/http/).

It was tried against a server of ours that answers as the reference says, never against the live
service: before customers depend on it, send one to yourself.
"""

import asyncio
import ssl
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

import httpx

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.sms.gateway import PhoneNotFound, SmsGatewayUnavailable, SmsRefused

ADDRESS = "https://smsc.ru"
_AT_ONCE = 4
"""Requests under way: it turns away the fifth of one login, with the code 9."""

_REFUSED = {6: SmsRefused, 7: PhoneNotFound, 8: PhoneNotFound}
"""A forbidden text or sender, a malformed number, a number that nothing can be delivered to.

The others are about us (a wrong password, no money, a blocked address) or will pass: the SMS waits
until somebody has mended that. 9 is one of them: it says that the same was sent within a minute,
but as well that too much is asked at once, so it doesn't prove that anything came through.
"""

_NO_SUCH_MESSAGE = 3
_NOT_FOUND = -3
_WRONG_NUMBERS = {22, 25}
"""Of the statuses of a message: the number is malformed, or takes no SMS."""


@dataclass(frozen=True)
class SmscAccess:
    """Who we are to the gateway; `sender` is a name that it has registered for us, or empty."""

    login: str
    password: str = field(repr=False)
    sender: str = ""


class Smsc:
    """Sends each SMS by one POST, over a connection of its own.

    The gateway doesn't refuse a message id that it knows: so before a repeat it is asked
    whether the first one came through.
    """

    def __init__(self, access: SmscAccess, *, address: str = ADDRESS) -> None:
        self._access = access
        self._address = address
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if is_repeat and await self._knows(to, key):
            return
        asked = {"phones": to, "mes": text, "id": key.hex, "sender": self._access.sender}
        answer = await self._ask("send", {name: value for name, value in asked.items() if value})
        if (code := answer.get("error_code")) is not None:
            raise _REFUSED.get(code, SmsGatewayUnavailable)(f"SMSC error {code}")

    async def _knows(self, to: Phone, key: UUID) -> bool:
        """Raises `SmsGatewayUnavailable` for an unclear answer: then nothing may be resent."""
        answer = await self._ask("status", {"phone": to, "id": key.hex})
        status, error = answer.get("status"), answer.get("error_code")
        if status in _WRONG_NUMBERS:
            raise PhoneNotFound(f"SMSC status {status}")
        if error == _NO_SUCH_MESSAGE or status == _NOT_FOUND:
            return False
        if not isinstance(status, int):
            raise SmsGatewayUnavailable(f"SMSC error {error}")
        return True

    async def _ask(self, what: str, asked: dict[str, str]) -> dict[str, Any]:
        known = {
            "login": self._access.login,
            "psw": self._access.password,
            "charset": "utf-8",
            "fmt": "3",  # answers are JSON
        }
        try:
            async with self._room, httpx.AsyncClient(timeout=20, verify=_tls()) as client:
                url = f"{self._address}/sys/{what}.php"
                answer = await client.post(url, data=known | asked)
            answer.raise_for_status()
            return dict(answer.json())
        except httpx.HTTPStatusError as refused:
            raise SmsGatewayUnavailable(f"HTTP {refused.response.status_code}") from None
        except (httpx.HTTPError, ValueError, TypeError) as outage:
            raise SmsGatewayUnavailable(type(outage).__name__) from None


@cache
def _tls() -> ssl.SSLContext:
    """Reading all authorities' certificates takes 30 ms: once is enough."""
    return httpx.create_ssl_context()
