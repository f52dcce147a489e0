"""SMS by SMSC's HTTP interface, written from its public reference (https://smsc.ru/api/http/).

It was tried against a server of ours that answers as the reference says, never against the live
service: before customers depend on it, send one to yourself.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.sms.gateway import SmsGatewayAway, SmsRefused

ADDRESS = "https://smsc.ru"
_NOT_FOUND = -3
_HOPELESS = {6, 7, 8}
"""A forbidden text or sender, a malformed number, a number that can't be reached.

The others are about us (a wrong password, no money, a blocked address) or will pass: the SMS waits
until somebody has mended that.
"""


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

    def __init__(
        self,
        access: SmscAccess,
        *,
        address: str = ADDRESS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._access = access
        self._address = address
        self._transport = transport

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if is_repeat and await self._knows(to, key):
            return
        asked = {"phones": to, "mes": text, "id": key.hex, "sender": self._access.sender}
        answer = await self._ask("send", {name: value for name, value in asked.items() if value})
        match answer.get("error_code"):
            case None | 9:  # 9: the same request within a minute, so the first one came through
                return
            case int(code) if code in _HOPELESS:
                raise SmsRefused(f"SMSC error {code}")
            case code:
                raise SmsGatewayAway(f"SMSC error {code}")

    async def _knows(self, to: Phone, key: UUID) -> bool:
        answer = await self._ask("status", {"phone": to, "id": key.hex})
        return "error_code" not in answer and answer.get("status", _NOT_FOUND) != _NOT_FOUND

    async def _ask(self, what: str, asked: dict[str, str]) -> dict[str, Any]:
        known = {
            "login": self._access.login,
            "psw": self._access.password,
            "charset": "utf-8",
            "fmt": "3",  # answers are JSON
        }
        try:
            async with httpx.AsyncClient(timeout=20, transport=self._transport) as client:
                url = f"{self._address}/sys/{what}.php"
                answer = await client.post(url, data=known | asked)
            answer.raise_for_status()
            return answer.json()
        except httpx.HTTPStatusError as refused:
            raise SmsGatewayAway(f"HTTP {refused.response.status_code}") from None
        except (httpx.HTTPError, ValueError) as outage:
            raise SmsGatewayAway(type(outage).__name__) from None
