"""The acquirer on a socket: the sandbox's protocol and books, in the year's own time.

The sandbox application itself knows only today; its parts take the time as an argument. Callbacks
are delivered when the driver wants them: once, twice, late or never.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lk_graphql import server
from lk_graphql.demo.acquirer import cards, requests
from lk_graphql.demo.acquirer.api import payment_json, refund_json
from lk_graphql.demo.acquirer.requests import InvalidRequest
from lk_graphql.demo.acquirer.store import (
    Delays,
    NotEnoughLeft,
    SandboxPayment,
    SandboxRefund,
    Store,
    receipt_number,
)
from lk_graphql.kit.clock import Clock
from tests.support.sandbox_acquirer import free_port

Json = dict[str, Any]
SHOP, SECRET = "year", "year-secret"
GOOD, POOR = "2200000000000004", "2200000000000020"


@dataclass
class YearAcquirer:
    """The shop's books at the acquirer; `url` is that of API v3."""

    url: str
    store: Store
    clock: Clock

    def pay(self, reference: str, number: str = GOOD) -> None:
        """The customer's card on the acquirer's page."""
        now = self.clock()
        card, _ = cards.read(number, "12/39", "123", today=now.date())
        assert card, number
        self.store.take_card(reference, card, now=now)

    def callbacks(self) -> list[Json]:
        """The notifications that are due, as the cabinet gets them."""
        due = self.store.due(self.clock())
        for one in due:
            self.store.delivered(one.id)
        return [
            {
                "type": "notification",
                "event": one.event,
                "object": payment_json(self.store, one.payment_id, f"{self.url}/"),
            }
            for one in due
        ]

    def items(self, reference: str) -> list[Json]:
        """The lines of the fiscal receipt that was ordered with a payment."""
        return self._payment(reference).request["receipt"]["items"]

    def _payment(self, reference: str) -> SandboxPayment:
        payment = self.store.payment(reference)
        assert payment, reference
        return payment


@contextmanager
def running_acquirer(file: Path, clock: Clock) -> Generator[YearAcquirer]:
    """Serve the acquirer in a thread, over the books in `file`."""
    port = free_port()
    acquirer = YearAcquirer(f"http://127.0.0.1:{port}/v3", Store(file, Delays()), clock)
    app: Any = _application(acquirer)
    with server.serve_in_thread(app, server.ServerOptions("127.0.0.1", port)):
        yield acquirer
    acquirer.store.close()


def _application(acquirer: YearAcquirer) -> Starlette:
    store, at = acquirer.store, acquirer.url.removesuffix("v3")

    async def create_payment(request: Request) -> Response:
        body, key = await request.json(), request.headers["idempotence-key"]
        try:
            amount = requests.read_payment(body)
        except InvalidRequest as error:
            return _refusal(error.parameter)
        payment_id = store.create(key, body, amount, now=acquirer.clock())
        return JSONResponse(payment_json(store, payment_id, at))

    async def one_payment(request: Request) -> Response:
        store.tick(acquirer.clock())
        if store.payment(request.path_params["id"]) is None:
            return JSONResponse({"type": "error", "id": str(uuid4()), "code": "not_found"}, 404)
        return JSONResponse(payment_json(store, request.path_params["id"], at))

    async def create_refund(request: Request) -> Response:
        body, key = await request.json(), request.headers["idempotence-key"]
        try:
            amount = requests.read_refund(body)
            refund_id = store.create_refund(key, body, amount, now=acquirer.clock())
        except InvalidRequest as error:
            return _refusal(error.parameter)
        except NotEnoughLeft:
            return _refusal("amount")
        refund = store.refund(refund_id)
        assert refund
        return JSONResponse(refund_json(refund, at=refund.done_at))

    async def receipts(request: Request) -> Response:
        query = request.query_params
        payment = store.payment(query.get("payment_id", ""))
        refund = store.refund(query.get("refund_id", ""))
        return JSONResponse({"type": "list", "items": _receipts(payment, refund)})

    return Starlette(
        routes=[
            Route("/v3/payments", create_payment, methods=["POST"]),
            Route("/v3/payments/{id}", one_payment),
            Route("/v3/refunds", create_refund, methods=["POST"]),
            Route("/v3/receipts", receipts),
        ]
    )


def _receipts(payment: SandboxPayment | None, refund: SandboxRefund | None) -> list[Json]:
    """The receipt of a payment or of a refund; the online cash desk is always quick."""
    moved: list[tuple[str, str, Json]] = []
    if payment and payment.status == "succeeded" and payment.decided_at:
        about: Json = {"type": "payment", "payment_id": payment.id}
        moved.append((payment.id, _timestamp(payment.decided_at), about))
    if refund:
        about = {"type": "refund", "refund_id": refund.id}
        moved.append((refund.id, _timestamp(refund.created_at), about))
    return [
        {
            "id": f"rt-{id_}",
            "status": "succeeded",
            "fiscal_storage_number": "9999078900000000",
            "fiscal_document_number": receipt_number(id_)[0],
            "fiscal_attribute": receipt_number(id_)[1],
            "registered_at": at,
            **about,
        }
        for id_, at, about in moved
    ]


def _timestamp(moment: Any) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refusal(parameter: str) -> Response:
    body = {"type": "error", "id": str(uuid4()), "code": "invalid_request", "parameter": parameter}
    return JSONResponse(body, 400)
