"""The acquirer's API v3, as far as a shop like ours uses it."""

import base64
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.demo.acquirer import requests
from lk_graphql.demo.acquirer.requests import InvalidRequest, Json
from lk_graphql.demo.acquirer.store import (
    KeyReused,
    NotEnoughLeft,
    SandboxPayment,
    SandboxRefund,
    Store,
)

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class SandboxShop:
    """Whose money the sandbox takes: what it authenticates by, and where callbacks go."""

    id: str
    secret: str = field(repr=False)
    callback_url: str


def routes(store: Store, shop: SandboxShop, at: str) -> list[BaseRoute]:
    async def create_payment(request: Request) -> Response:
        body, key = await _body(request), _key(request)
        made = store.create(key, body, requests.read_payment(body), now=datetime.now(UTC))
        return JSONResponse(payment_json(store, made, at))

    async def one_payment(request: Request) -> Response:
        store.tick(datetime.now(UTC))
        if store.payment(request.path_params["id"]) is None:
            return _error(404, "not_found")
        return JSONResponse(payment_json(store, request.path_params["id"], at))

    async def create_refund(request: Request) -> Response:
        body, key = await _body(request), _key(request)
        made = store.create_refund(key, body, requests.read_refund(body), now=datetime.now(UTC))
        refunds = {refund.id: refund for refund in store.refunds(body["payment_id"])}
        return JSONResponse(refund_json(refunds[made]))

    async def receipts(request: Request) -> Response:
        payment = store.payment(request.query_params.get("payment_id", ""))
        items = _receipts(store, payment, datetime.now(UTC)) if payment else []
        return JSONResponse({"type": "list", "items": items})

    known: tuple[tuple[str, str, Endpoint], ...] = (
        ("POST", "/v3/payments", create_payment),
        ("GET", "/v3/payments/{id}", one_payment),
        ("POST", "/v3/refunds", create_refund),
        ("GET", "/v3/receipts", receipts),
    )
    return [
        Route(path, _authenticated(endpoint, shop), methods=[verb])
        for verb, path, endpoint in known
    ]


def payment_json(store: Store, id_: str, at: str) -> Json:
    """A payment's object."""
    payment = store.payment(id_)
    assert payment is not None  # noqa: S101 - whoever asks has just made or found it
    request = payment.request
    known: Json = {
        "id": payment.id,
        "status": payment.status,
        "paid": payment.status == "succeeded",
        "amount": request["amount"],
        "description": request["description"],
        "metadata": request.get("metadata", {}),
        "created_at": _written(payment.created_at),
        "refundable": payment.status == "succeeded",
        "test": True,
    }
    if payment.status == "pending":
        page = {"type": "redirect", "confirmation_url": f"{at}pay/{payment.id}"}
        known["confirmation"] = page | {"return_url": request["confirmation"]["return_url"]}
    if payment.stage != "card":
        known["payment_method"] = {"type": "bank_card", "id": payment.id, "saved": False}
    if payment.status == "succeeded" and payment.decided_at:
        known["captured_at"] = _written(payment.decided_at)
        known["refunded_amount"] = _money(store.refunded(payment.id))
    if payment.status == "canceled":
        known["cancellation_details"] = {"party": "payment_network", "reason": payment.reason}
    return known


def refund_json(refund: SandboxRefund) -> Json:
    """A refund's object."""
    return {
        "id": refund.id,
        "payment_id": refund.payment_id,
        "status": "succeeded",
        "amount": _money(refund.amount),
        "created_at": _written(refund.created_at),
    }


def _receipts(store: Store, payment: SandboxPayment, now: datetime) -> list[Json]:
    """Of the payment and of its refunds; each is registered a moment after the money moved."""
    moved: list[tuple[str, datetime, Json]] = []
    if payment.status == "succeeded" and payment.decided_at:
        moved.append((payment.id, payment.decided_at, {"type": "payment"}))
    moved += [
        (refund.id, refund.created_at, {"type": "refund", "refund_id": refund.id})
        for refund in store.refunds(payment.id)
    ]
    return [
        _receipt(id_, at, now >= at + store.pace.receipt) | about | {"payment_id": payment.id}
        for id_, at, about in moved
    ]


def _receipt(id_: str, at: datetime, is_registered: bool) -> Json:  # noqa: FBT001 - one caller
    """Its fiscal numbers are made up, and always the same for the same money."""
    chance = int.from_bytes(sha256(id_.encode()).digest()[:8])
    receipt: Json = {"id": f"rt-{id_}", "status": "pending"}
    if is_registered:
        receipt |= {
            "status": "succeeded",
            "fiscal_storage_number": "9999078900000000",
            "fiscal_document_number": str(1000 + chance % 100_000),
            "fiscal_attribute": str(10**9 + chance % 10**9),
            "registered_at": _written(at),
        }
    return receipt


def _authenticated(endpoint: Endpoint, shop: SandboxShop) -> Endpoint:
    """Who asks is the shop, and what is wrong with its request is told as the reference says."""
    expected = "Basic " + base64.b64encode(f"{shop.id}:{shop.secret}".encode()).decode()

    async def guarded(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("authorization", ""), expected):
            return _error(401, "invalid_credentials")
        try:
            return await endpoint(request)
        except InvalidRequest as wrong:
            return _error(400, "invalid_request", wrong.parameter)
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


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
