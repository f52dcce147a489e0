"""Callbacks of the sandbox: in time, late, twice, out of order, or never."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_graphql import server
from lk_graphql.ports.acquiring import AcquirerNotification
from tests.support.sandbox_acquirer import (
    GOOD,
    NEVER,
    OUT_OF_ORDER,
    TWICE,
    Sandbox,
    free_port,
    given_refund,
    running,
)
from tests.support.sandbox_acquirer import given_order as order

LATE = "2200000000000061"
PAID = "payment.succeeded"


class Shop:
    """Records callbacks, after answering the first `failures` with 503."""

    def __init__(self, failures: int = 0) -> None:
        self.callbacks: list[bytes] = []
        self._failures = failures

    async def take(self, request: Request) -> Response:
        if self._failures:
            self._failures -= 1
            return Response(status_code=503)
        self.callbacks.append(await request.body())
        return Response()

    @contextmanager
    def serve(self, database: Path) -> Generator[Sandbox]:
        port = free_port()
        app = Starlette(routes=[Route("/hook", self.take, methods=["POST"])])
        with (
            server.serve_in_thread(app, server.ServerOptions("127.0.0.1", port)),
            running(database, callback_url=f"http://127.0.0.1:{port}/hook") as sandbox,
        ):
            yield sandbox


def kinds(sandbox: Sandbox, shop: Shop, reference: str) -> list[str]:
    notices = [sandbox.port.notice(body) for body in shop.callbacks]
    assert all(
        isinstance(notice, AcquirerNotification) and notice.reference == reference
        for notice in notices
    )
    return [notice.kind for notice in notices if notice]


@pytest.mark.parametrize(
    ("number", "at_once", "in_the_end"),
    [
        (GOOD, [PAID], [PAID]),
        (LATE, [], [PAID]),
        (TWICE, [PAID], [PAID, PAID]),
        (OUT_OF_ORDER, [PAID], [PAID, "payment.waiting_for_capture"]),
        (NEVER, [], []),
    ],
)
async def test_each_test_card_has_its_callbacks(
    tmp_path: Path, number: str, at_once: list[str], in_the_end: list[str]
):
    shop = Shop()
    with shop.serve(tmp_path / "books") as sandbox:
        registered = await sandbox.port.register(order())
        sandbox.pay(registered.page_url, number)
        await asyncio.sleep(0.3)
        first = kinds(sandbox, shop, registered.reference)[:1]
        await asyncio.sleep(0.7)
        then = kinds(sandbox, shop, registered.reference)

    assert (first, then) == (at_once, in_the_end)


async def test_a_callback_is_repeated_until_it_is_accepted_also_for_refunds(tmp_path: Path):
    shop = Shop(failures=1)
    with shop.serve(tmp_path / "books") as sandbox:
        registered = await sandbox.port.register(order(1000))
        sandbox.pay(registered.page_url, GOOD)
        await sandbox.port.refund(given_refund(registered.reference, 400))
        for _ in range(40):
            await asyncio.sleep(0.1)
            if len(shop.callbacks) == 2:
                break

        assert sorted(kinds(sandbox, shop, registered.reference)) == [PAID, "refund.succeeded"]
