"""YooKassa (ЮKassa) over HTTP.

Written from its public reference of API v3, and tested with the sandbox acquirer, which implements
the same reference; not yet tested with the live service.
"""

import asyncio
import ssl
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

import httpx
import orjson
import stamina

from lk_graphql.kit.tracing import TRACING
from lk_graphql.ports.acquiring import yookassa_json
from lk_graphql.ports.acquiring.breaker import Breaker, BreakerOpen
from lk_graphql.ports.acquiring.orders import (
    AcquirerNotification,
    AcquirerOrder,
    AcquirerRefused,
    AcquirerUnavailable,
    AnswerUnreadable,
    FiscalRegistration,
    NotificationInvalid,
    OrderNotFound,
    OrderSnapshot,
    OrderStatus,
    RefundOrder,
    RefundResult,
    RegisteredOrder,
)
from lk_graphql.ports.service_calls import service_call

PRODUCTION = "https://api.yookassa.ru/v3"
_TIMEOUT = httpx.Timeout(8.0, connect=3.0)
_ANSWER_SECONDS = 15.0
"""Seconds for a request with its whole response, which may arrive byte by byte."""
_ATTEMPTS = 3
_RETRY_SECONDS = 20.0
"""Seconds for all attempts together, because a customer waits for a registration."""
_PAGE = 100
"""The most objects of a list that one request returns; without a limit it returns ten."""
_RETRYING = stamina.AsyncRetryingCaller(
    attempts=_ATTEMPTS, timeout=_RETRY_SECONDS, wait_max=2.0
).on(AcquirerUnavailable)


@dataclass(frozen=True)
class Shop:
    """The credentials of a shop; `provider` distinguishes references of live shop and sandbox.

    `receipt_url` is the receipt page of the operator of fiscal data (ОФД), with the placeholders
    {storage}, {number} and {attribute}.
    """

    id: str
    secret: str = field(repr=False)
    url: str = PRODUCTION
    provider: str = "yookassa"
    receipt_url: str | None = None


class YooKassa:
    """A client of API v3, with one connection a request, because requests are few."""

    def __init__(self, shop: Shop, breaker: Breaker | None = None) -> None:
        self._shop = shop
        self._breaker = breaker or Breaker()

    @property
    def provider(self) -> str:
        return self._shop.provider

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        response = await self._request(
            "POST", "/payments", key=str(order.id), body=yookassa_json.order(order)
        )
        return yookassa_json.registered(response)

    async def state(self, reference: str) -> OrderSnapshot:
        payment = await self._request("GET", f"/payments/{reference}")
        snapshot = yookassa_json.snapshot(payment)
        if snapshot.status is not OrderStatus.SUCCEEDED:
            return snapshot
        return replace(snapshot, fiscal=await self._receipts(payment_id=reference))

    async def refund(self, refund: RefundOrder) -> RefundResult:
        response = await self._request(
            "POST", "/refunds", key=str(refund.id), body=yookassa_json.refund(refund)
        )
        return yookassa_json.refunded(response)

    async def refund_state(self, reference: str) -> RefundResult:
        return yookassa_json.refunded(await self._request("GET", f"/refunds/{reference}"))

    async def refund_receipts(self, reference: str) -> tuple[FiscalRegistration, ...]:
        receipts = await self._receipts(refund_id=reference)
        return tuple(receipt for receipt in receipts if receipt.refund == reference)

    async def orders_since(self, moment: datetime) -> list[OrderSnapshot]:
        items = await self._list("/payments", yookassa_json.created_since(moment))
        return [yookassa_json.listed(yookassa_json.snapshot, item) for item in items]

    async def refunds_since(self, moment: datetime) -> list[RefundResult]:
        items = await self._list("/refunds", yookassa_json.created_since(moment))
        return [yookassa_json.listed(yookassa_json.refunded, item) for item in items]

    def notice(self, body: bytes) -> AcquirerNotification | None:
        try:
            content = orjson.loads(body.removeprefix(BOM_UTF8))
        except orjson.JSONDecodeError:
            raise NotificationInvalid from None
        return yookassa_json.notice(content)

    async def _receipts(self, **subject: str) -> tuple[FiscalRegistration, ...]:
        """The receipts of a payment or of a refund; a request names one of them."""
        try:
            items = await self._list("/receipts", subject)
        except (AcquirerUnavailable, AcquirerRefused):
            return ()
        return yookassa_json.fiscal(items, self._shop.receipt_url)

    async def _list(self, path: str, filters: Mapping[str, str]) -> list[object]:
        """All objects of a list, the newest first; a page has at most a hundred."""
        query, items = {**filters, "limit": str(_PAGE)}, list[object]()
        while True:
            answer = await self._request("GET", f"{path}?{urlencode(query)}")
            items += yookassa_json.items(answer)
            cursor = yookassa_json.next_cursor(answer)
            if cursor is None:
                return items
            if cursor == query.get("cursor"):
                raise AnswerUnreadable("next_cursor: repeated")
            query["cursor"] = cursor

    async def _request(
        self, method: str, path: str, *, key: str | None = None, body: Any = None
    ) -> dict[str, Any]:
        """Send a request, with retries; `key` is the idempotency key."""
        headers = {"Idempotence-Key": key} if key else {}
        try:
            async with self._breaker.guard(AcquirerUnavailable):
                return await _RETRYING(self._measured_send, method, path, headers, body)
        except BreakerOpen:
            raise AcquirerUnavailable("The acquirer has failed too often") from None

    async def _measured_send(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> dict[str, Any]:
        with service_call("acquirer", method):
            return await self._send(method, path, headers | TRACING.headers(), body)

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
                async with asyncio.timeout(_ANSWER_SECONDS):
                    response = await client.request(
                        method, f"{self._shop.url}{path}", headers=headers, json=body
                    )
                return _parse_response(method, response)
        except (httpx.HTTPError, TimeoutError) as outage:
            # the library's message quotes the URL, and exceptions are logged
            raise AcquirerUnavailable(type(outage).__name__) from None

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """The certificates of authorities, read once: that takes longer than most requests."""
        return ssl.create_default_context()


def _parse_response(method: str, response: httpx.Response) -> dict[str, Any]:
    """Read a status by the reference; an order is refused by 400 only, and by an error's body.

    All else says nothing about the order: 202 is «ask again», 401 and 403 are about our access,
    408, 425 and HTML come from a proxy, 429 is «too often», 5xx «unknown». A 404 is an answer to a
    question only. A 400 about the idempotency key says that the key has an order with another
    content: so one exists.
    """
    if response.status_code == 200:
        return _json(response)
    fault = _fault(response)
    message = f"HTTP {response.status_code} {fault}".strip()
    match method, response.status_code:
        case "GET", 404 if fault:
            raise OrderNotFound(message)
        case "POST", 400 if "Idempotence-Key" in fault:
            raise AnswerUnreadable(message)
        case "POST", 400 if fault:
            raise AcquirerRefused(message)
        case _:
            raise AcquirerUnavailable(message)


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = orjson.loads(response.content.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        raise AcquirerUnavailable("The response is not JSON") from None
    if not isinstance(body, dict):
        raise AcquirerUnavailable("The response is not an object")
    return cast("dict[str, Any]", body)


def _fault(response: httpx.Response) -> str:
    """The error's code and parameter, which contain no personal data."""
    try:
        body = orjson.loads(response.content.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(body, dict):
        return ""
    error = cast("dict[str, object]", body)
    return " ".join(str(error[name]) for name in ("code", "parameter") if name in error)
