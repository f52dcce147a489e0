"""The part of API v3 that the cabinet uses, with its callbacks."""

import asyncio
import base64
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.demo.acquirer import requests
from lk_graphql.demo.acquirer.requests import InvalidRequest, Json
from lk_graphql.demo.acquirer.store import (
    DueCallback,
    KeyReused,
    NotEnoughLeft,
    SandboxRefund,
    Store,
    receipt_number,
)

Endpoint = Callable[[Request], Awaitable[Response]]
_RETRY_DELAYS = tuple(timedelta(seconds=s) for s in (1, 5, 15, 60, 300))
_POLL_SECONDS = 0.2
"""Seconds between checks for due callbacks."""


@dataclass(frozen=True)
class SandboxShop:
    """The sandbox's shop: its credentials and its URL for callbacks."""

    id: str
    secret: str = field(repr=False)
    callback_url: str


def routes(store: Store, shop: SandboxShop, at: str) -> list[BaseRoute]:
    async def create_payment(request: Request) -> Response:
        body, key = await _body(request), _key(request)
        payment_id = store.create(key, body, requests.read_payment(body), now=datetime.now(UTC))
        return JSONResponse(payment_json(store, payment_id, at))

    async def one_payment(request: Request) -> Response:
        store.tick(datetime.now(UTC))
        if store.payment(request.path_params["id"]) is None:
            return _error(404, "not_found")
        return JSONResponse(payment_json(store, request.path_params["id"], at))

    async def create_refund(request: Request) -> Response:
        body, key = await _body(request), _key(request)
        refund_id = store.create_refund(
            key, body, requests.read_refund(body), now=datetime.now(UTC)
        )
        refund = store.refund(refund_id)
        assert refund  # noqa: S101 - it was created just now
        return JSONResponse(refund_json(refund, at=refund.created_at))

    async def one_refund(request: Request) -> Response:
        if (refund := store.refund(request.path_params["id"])) is None:
            return _error(404, "not_found")
        return JSONResponse(refund_json(refund, at=datetime.now(UTC)))

    endpoints: tuple[tuple[str, str, Endpoint], ...] = (
        ("POST", "/v3/payments", create_payment),
        ("GET", "/v3/payments/{id}", one_payment),
        ("POST", "/v3/refunds", create_refund),
        ("GET", "/v3/refunds/{id}", one_refund),
        *_lists(store, at),
    )
    return [
        Route(path, _authenticated(endpoint, shop), methods=[verb])
        for verb, path, endpoint in endpoints
    ]


def _lists(store: Store, at: str) -> tuple[tuple[str, str, Endpoint], ...]:
    """The endpoints of the lists."""

    async def payments(request: Request) -> Response:
        store.tick(datetime.now(UTC))
        ids = store.payments_since(_created_since(request.query_params))
        return _page([payment_json(store, id_, at) for id_ in ids], request.query_params)

    async def refunds(request: Request) -> Response:
        rows, now = store.refunds_since(_created_since(request.query_params)), datetime.now(UTC)
        return _page([refund_json(refund, at=now) for refund in rows], request.query_params)

    async def all_receipts(request: Request) -> Response:
        return _page(receipts(store, request.query_params, datetime.now(UTC)), request.query_params)

    return (
        ("GET", "/v3/payments", payments),
        ("GET", "/v3/refunds", refunds),
        ("GET", "/v3/receipts", all_receipts),
    )


def payment_json(store: Store, id_: str, at: str) -> Json:
    """The JSON object of a payment."""
    payment = store.payment(id_)
    assert payment is not None  # noqa: S101 - the callers have checked it
    request = payment.request
    body: Json = {
        "id": payment.id,
        "status": payment.status,
        "paid": payment.status == "succeeded",
        "amount": request["amount"],
        "description": request["description"],
        "metadata": request.get("metadata", {}),
        "created_at": _timestamp(payment.created_at),
        "refundable": payment.status == "succeeded",
        "test": True,
    }
    if payment.status == "pending":
        page = {"type": "redirect", "confirmation_url": f"{at}pay/{payment.id}"}
        body["confirmation"] = page | {"return_url": request["confirmation"]["return_url"]}
    if payment.stage != "card":
        body["payment_method"] = {"type": "bank_card", "id": payment.id, "saved": False}
    if payment.status == "succeeded" and payment.decided_at:
        body["captured_at"] = _timestamp(payment.decided_at)
        body["refunded_amount"] = _money(store.refunded(payment.id))
    if payment.status == "canceled":
        body["cancellation_details"] = {"party": "payment_network", "reason": payment.reason}
    return body


def refund_json(refund: SandboxRefund, *, at: datetime) -> Json:
    """The JSON object of a refund at a time; a repeated request has the first answer."""
    return {
        "id": refund.id,
        "payment_id": refund.payment_id,
        "status": "succeeded" if at >= refund.done_at else "pending",
        "amount": _money(refund.amount),
        "created_at": _timestamp(refund.created_at),
    }


def receipts(store: Store, query: Mapping[str, str], now: datetime) -> list[Json]:
    """The receipt of a payment or of a refund, registered shortly after the money moves.

    By the reference, a request names one of the two; `payment_id` is only in a payment's receipt.
    """
    if ("payment_id" in query) == ("refund_id" in query):
        raise InvalidRequest("refund_id")
    payment, refund = (
        store.payment(query.get("payment_id", "")),
        store.refund(query.get("refund_id", "")),
    )
    if payment and payment.status == "succeeded" and payment.decided_at:
        about = {"type": "payment", "payment_id": payment.id}
        id_, at = payment.id, payment.decided_at
    elif refund:
        about = {"type": "refund", "refund_id": refund.id}
        id_, at = refund.id, refund.done_at
    else:
        return []
    return [_receipt(id_, at, now >= at + store.pace.receipt) | about]


def _created_since(query: Mapping[str, str]) -> datetime:
    try:
        return datetime.fromisoformat(query.get("created_at.gte", "1970-01-01T00:00:00Z"))
    except ValueError:
        raise InvalidRequest("created_at.gte") from None


def _page(items: Sequence[Json], query: Mapping[str, str]) -> Response:
    """A page of a list, ten objects by default; the cursor is the last one's id."""
    limit, cursor = query.get("limit", "10"), query.get("cursor")
    if not limit.isdecimal() or not 1 <= int(limit) <= 100:
        raise InvalidRequest("limit")
    ids = [item["id"] for item in items]
    if cursor is not None and cursor not in ids:
        raise InvalidRequest("cursor")
    start = ids.index(cursor) + 1 if cursor else 0
    page = items[start : start + int(limit)]
    following = {"next_cursor": page[-1]["id"]} if start + len(page) < len(items) else {}
    return JSONResponse({"type": "list", "items": page, **following})


def _receipt(id_: str, at: datetime, is_registered: bool) -> Json:  # noqa: FBT001 - one caller
    """A receipt with fictitious fiscal numbers, derived from the id."""
    number, attribute = receipt_number(id_)
    receipt: Json = {"id": f"rt-{id_}", "status": "pending"}
    if is_registered:
        receipt |= {
            "status": "succeeded",
            "fiscal_storage_number": "9999078900000000",
            "fiscal_document_number": number,
            "fiscal_attribute": attribute,
            "registered_at": _timestamp(at),
        }
    return receipt


def _authenticated(endpoint: Endpoint, shop: SandboxShop) -> Endpoint:
    """The endpoint with the shop's authentication, and errors in the reference's format."""
    expected = "Basic " + base64.b64encode(f"{shop.id}:{shop.secret}".encode()).decode()

    async def guarded(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), expected):
            return _error(401, "invalid_credentials")
        try:
            return await endpoint(request)
        except InvalidRequest as error:
            return _error(400, "invalid_request", error.parameter)
        except KeyReused:
            return _error(400, "invalid_request", "Idempotence-Key")
        except NotEnoughLeft:
            return _error(400, "invalid_request", "amount")

    return guarded


def _error(status: int, code: str, parameter: str | None = None) -> Response:
    about = {"parameter": parameter} if parameter else {}
    body = {"type": "error", "id": str(uuid4()), "code": code, **about}
    return JSONResponse(body, status)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise InvalidRequest("body") from None
    if not isinstance(body, dict):
        raise InvalidRequest("body")
    return cast(Json, body)


def _key(request: Request) -> str:
    key = request.headers.get("idempotence-key", "")
    if not 0 < len(key) <= 64:
        raise InvalidRequest("Idempotence-Key")
    return key


def _money(kopecks: int) -> Json:
    return {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": "RUB"}


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# Callbacks, delivered until the shop answers 200.


async def deliver(store: Store, shop: SandboxShop, at: str) -> None:
    """Deliver due callbacks until the task is cancelled."""
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while True:
            now = datetime.now(UTC)
            store.tick(now)
            for due in store.due(now):
                if await _is_accepted(client, shop.callback_url, _notification(store, due, at)):
                    store.delivered(due.id)
                else:
                    delay = _RETRY_DELAYS[min(due.tries, len(_RETRY_DELAYS) - 1)]
                    store.postpone(due.id, datetime.now(UTC) + delay)
            await asyncio.sleep(_POLL_SECONDS)


def _notification(store: Store, due: DueCallback, at: str) -> Json:
    """The body of a callback, with the state at its event, even if the state has changed since."""
    body = payment_json(store, due.payment_id, at)
    if due.refund_id:
        refund = store.refund(due.refund_id)
        assert refund  # noqa: S101 - a row refers to it
        body = refund_json(refund, at=refund.done_at)
    elif due.event == "payment.waiting_for_capture":
        body |= {"status": "waiting_for_capture", "paid": True}
    return {"type": "notification", "event": due.event, "object": body}


async def _is_accepted(client: httpx.AsyncClient, url: str, body: Json) -> bool:
    try:
        return (await client.post(url, json=body)).status_code == 200
    except httpx.HTTPError:
        return False
