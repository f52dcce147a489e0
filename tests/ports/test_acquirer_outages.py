"""The port when the acquirer loses responses, sends nonsense, is slow or unavailable."""

import asyncio
from collections.abc import Generator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
import pytest
import stamina

from lk_graphql.ports.acquiring import (
    AcquirerNotification,
    AcquirerUnavailable,
    OrderStatus,
    Shop,
    YooKassa,
    yookassa,
)
from lk_graphql.ports.acquiring.breaker import Breaker
from tests.support.sandbox_acquirer import given_order, given_refund, running


@pytest.fixture(autouse=True)
def fast_retries() -> Generator[None]:
    """Retries without delays."""
    with stamina.set_testing(True, attempts=2):
        yield


class ResponseLoss:
    """Middleware that executes requests and loses the first `times` responses."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.status = 500

    def __call__(self, app: Any) -> Any:
        async def middleware(scope: Any, receive: Any, send: Any) -> None:
            async def send_failure(message: Any) -> None:
                if message["type"] == "http.response.start":
                    message = {**message, "status": self.status}
                await send(message)

            if scope["type"] == "http" and self.left:
                self.left -= 1
                await app(scope, receive, send_failure)
            else:
                await app(scope, receive, send)

        return middleware


@pytest.mark.parametrize("status", [500, 202, 408, 425, 429])
async def test_a_request_without_a_response_is_repeated(tmp_path: Path, status: int):
    loss = ResponseLoss(1)
    loss.status = status
    with running(tmp_path / "books", around=loss) as sandbox:
        order = given_order()
        registered = await sandbox.port.register(order)

        assert registered == await sandbox.port.register(order)
        assert loss.left == 0


def replace_app(answer: Any) -> Any:
    """Middleware that sends every request to `answer` instead of the sandbox."""

    def around(app: Any) -> Any:
        async def middleware(scope: Any, receive: Any, send: Any) -> None:
            await (app if scope["type"] == "lifespan" else answer)(scope, receive, send)

        return middleware

    return around


def fixed_responses(status: int, **bodies: bytes) -> Any:
    """Responses by the last part of the path, `{}` for all others."""

    async def answer(scope: Any, _: Any, send: Any) -> None:
        body = bodies.get(scope["path"].rpartition("/")[2], b"{}")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    return replace_app(answer)


async def test_a_malformed_response_counts_as_an_outage(tmp_path: Path):
    nonsense = fixed_responses(200, html=b"<html>", list=b"[]")
    with running(tmp_path / "books", around=nonsense) as sandbox:
        for reference in ("html", "list", "empty"):
            with pytest.raises(AcquirerUnavailable):
                await sandbox.port.state(reference)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 413])
async def test_a_400_alone_is_a_refusal_of_an_order(tmp_path: Path, status: int):
    """Others, as for a wrong secret, say nothing about an order that may exist."""
    error = fixed_responses(status, payments=b'{"code":"error"}', refunds=b'{"code":"error"}')
    with running(tmp_path / "books", around=error) as sandbox:
        with pytest.raises(AcquirerUnavailable, match=rf"^HTTP {status} error$"):
            await sandbox.port.register(given_order())
        with pytest.raises(AcquirerUnavailable, match=rf"^HTTP {status} error$"):
            await sandbox.port.refund(given_refund("p1", 100))


async def test_a_page_of_a_proxy_counts_as_an_outage(tmp_path: Path):
    for status in (400, 404):
        page = fixed_responses(status, payments=b"<html>", x=b"<html>")
        with running(tmp_path / f"books{status}", around=page) as sandbox:
            with pytest.raises(AcquirerUnavailable, match=rf"^HTTP {status}$"):
                await sandbox.port.register(given_order())
            with pytest.raises(AcquirerUnavailable, match=rf"^HTTP {status}$"):
                await sandbox.port.state("x")


async def test_a_slow_response_counts_as_an_outage(tmp_path: Path):
    paths: list[str] = []

    async def answer_late(scope: Any, *_: Any) -> None:
        paths.append(scope["path"])
        await asyncio.sleep(0.2)

    with (
        running(tmp_path / "books", around=replace_app(answer_late)) as sandbox,
        patch.object(yookassa, "_TIMEOUT", httpx.Timeout(5, read=0.05)),
        pytest.raises(AcquirerUnavailable, match=r"^ReadTimeout$"),
    ):
        await sandbox.port.state("x")
    assert paths == ["/v3/payments/x"] * 2  # with one retry


async def test_an_answer_byte_by_byte_has_an_end(tmp_path: Path):
    paths: list[str] = []

    async def drip(scope: Any, _: Any, send: Any) -> None:
        paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _byte in range(100):
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await asyncio.sleep(0.02)

    with (
        running(tmp_path / "books", around=replace_app(drip)) as sandbox,
        patch.object(yookassa, "_ANSWER_SECONDS", 0.2),
        pytest.raises(AcquirerUnavailable, match=r"^TimeoutError$"),
    ):
        await sandbox.port.state("x")
    assert paths == ["/v3/payments/x"] * 2  # with one retry


async def test_a_byte_order_mark_before_an_answer_or_a_callback_is_ignored(tmp_path: Path):
    mark = b"\xef\xbb\xbf"
    answer = mark + b'{"id":"x","status":"pending","amount":{"value":"1.00","currency":"RUB"}}'
    with running(tmp_path / "books", around=fixed_responses(200, x=answer)) as sandbox:
        snapshot = await sandbox.port.state("x")
        callback = sandbox.port.notice(
            mark + b'{"type":"notification","event":"payment.canceled","object":{"id":"x"}}'
        )

    assert (snapshot.reference, snapshot.status, snapshot.amount) == ("x", OrderStatus.WAITING, 100)
    assert callback == AcquirerNotification("payment.canceled", "x", "x")


async def test_the_breaker_opens_after_failures_and_lets_one_request_through_later():
    moment = [0.0]
    breaker = Breaker(failures=2, cooldown=10, clock=lambda: moment[0])
    unreachable = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9/v3"), breaker)
    for _ in range(2):
        with pytest.raises(AcquirerUnavailable, match="ConnectError"):
            await unreachable.state("x")
    with pytest.raises(AcquirerUnavailable, match="too often"):
        await unreachable.state("x")

    moment[0] = 11
    with pytest.raises(AcquirerUnavailable, match="ConnectError"):  # one request is let through
        await unreachable.state("x")
    with pytest.raises(AcquirerUnavailable, match="too often"):
        await unreachable.state("x")


async def test_an_answer_closes_the_breaker():
    moment = [0.0]
    breaker = Breaker(failures=1, cooldown=10, clock=lambda: moment[0])
    with pytest.raises(AcquirerUnavailable):
        async with breaker.guard(AcquirerUnavailable):
            raise AcquirerUnavailable
    moment[0] = 11
    async with breaker.guard(AcquirerUnavailable):
        pass
    async with breaker.guard(AcquirerUnavailable):
        pass
