"""YooKassa (ЮKassa) over HTTP.

Written from its public reference of API v3 and held to it by the sandbox acquirer, which speaks
the same protocol: this code has not met the live service yet.
"""

import ssl
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import httpx
import orjson
import stamina

from lk_graphql.ports.acquiring import yookassa_json
from lk_graphql.ports.acquiring.breaker import Breaker, BreakerOpen
from lk_graphql.ports.acquiring.orders import (
    AcquirerNotification,
    AcquirerOrder,
    AcquirerRefused,
    AcquirerUnavailable,
    OrderNotFound,
    OrderSnapshot,
    OrderStatus,
    RefundOrder,
    RefundResult,
    RegisteredOrder,
)

PRODUCTION = "https://api.yookassa.ru/v3"
_TIMEOUT = httpx.Timeout(8.0, connect=3.0)
_ATTEMPTS = 3
_LONGEST = 20.0
"""Seconds for all attempts together: a customer waits for a registration."""
_RETRYING = stamina.AsyncRetryingCaller(attempts=_ATTEMPTS, timeout=_LONGEST, wait_max=2.0).on(
    AcquirerUnavailable
)
_NOT_A_PAYMENT = (KeyError, ValueError, TypeError, AttributeError)


@dataclass(frozen=True)
class Shop:
    """Who we are there; `provider` tells the live shop's references from a sandbox's.

    `receipt_url` is where the operator of fiscal data (ОФД) shows receipts, with {storage},
    {number} and {attribute} in braces.
    """

    id: str
    secret: str = field(repr=False)
    url: str = PRODUCTION
    provider: str = "yookassa"
    receipt_url: str | None = None


class YooKassa:
    """The acquirer whose API v3 the sandbox speaks too.

    Each request has a connection of its own: they are few, and nothing is left to close.
    """

    def __init__(self, shop: Shop, breaker: Breaker | None = None) -> None:
        self._shop = shop
        self._breaker = breaker or Breaker()

    @property
    def provider(self) -> str:
        return self._shop.provider

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        answer = await self._ask(
            "POST", "/payments", key=str(order.id), body=yookassa_json.order(order)
        )
        return _read(yookassa_json.registered, answer)

    async def state(self, reference: str) -> OrderSnapshot:
        payment = await self._ask("GET", f"/payments/{reference}")
        told = _read(yookassa_json.truth, payment)
        if told.status is not OrderStatus.SUCCEEDED:
            return told
        receipts = await self._ask("GET", f"/receipts?payment_id={reference}")
        return _read(
            yookassa_json.truth, payment, receipts.get("items", []), self._shop.receipt_url
        )

    async def refund(self, refund: RefundOrder) -> RefundResult:
        answer = await self._ask(
            "POST", "/refunds", key=str(refund.id), body=yookassa_json.refund(refund)
        )
        return _read(yookassa_json.refunded, answer)

    def notice(self, body: bytes) -> AcquirerNotification | None:
        try:
            return yookassa_json.notice(orjson.loads(body))
        except _NOT_A_PAYMENT:
            return None

    async def _ask(
        self, method: str, path: str, *, key: str | None = None, body: Any = None
    ) -> dict[str, Any]:
        """Ask until there is an answer, a few times; the same `key` never does a thing twice."""
        headers = {"Idempotence-Key": key} if key else {}
        try:
            async with self._breaker.guard(AcquirerUnavailable):
                return await _RETRYING(self._send, method, path, headers, body)
        except BreakerOpen:
            raise AcquirerUnavailable("It has failed too often just now") from None

    async def _send(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(
                auth=(self._shop.id, self._shop.secret),
                timeout=_TIMEOUT,
                verify=self._tls,
                trust_env=False,
            ) as client:
                answer = await client.request(
                    method, f"{self._shop.url}{path}", headers=headers, json=body
                )
                return _parse_answer(answer)
        except httpx.HTTPError as outage:
            # its words quote the address, and an exception ends in a log
            raise AcquirerUnavailable(type(outage).__name__) from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Reading the authorities' certificates takes longer than most requests: once is enough."""
        return ssl.create_default_context()


def _parse_answer(answer: httpx.Response) -> dict[str, Any]:
    """By the reference 202 means «ask again», 5xx «unknown», 429 «too often»; other 4xx is a no."""
    match answer.status_code:
        case 200:
            return _json(answer)
        case 404:
            raise OrderNotFound("HTTP 404")
        case 429:
            raise AcquirerUnavailable("HTTP 429")
        case status if 400 <= status < 500:
            raise AcquirerRefused(f"HTTP {status} {_fault(answer)}".strip())
        case status:
            raise AcquirerUnavailable(f"HTTP {status}")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        raise AcquirerUnavailable("An answer that isn't JSON") from None
    if not isinstance(told, dict):
        raise AcquirerUnavailable("An answer that isn't an object")
    return cast("dict[str, Any]", told)


def _fault(answer: httpx.Response) -> str:
    """The code and the parameter at fault, which hold nothing private."""
    try:
        told = orjson.loads(answer.content)
        return " ".join(str(told[name]) for name in ("code", "parameter") if name in told)
    except _NOT_A_PAYMENT:
        return ""


def _read(reader: Any, *answers: Any) -> Any:
    """An answer that can't be read says nothing about what happened."""
    try:
        return reader(*answers)
    except _NOT_A_PAYMENT as unreadable:
        raise AcquirerUnavailable(f"An answer without {type(unreadable).__name__}") from None
