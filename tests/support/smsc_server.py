"""A server with SMSC's HTTP interface according to its public reference."""

import asyncio
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lk_graphql import server as serving
from tests.support.sandbox_acquirer import free_port

LOGIN, PASSWORD = "mef", "s3cret&pass"
MOST_AT_ONCE = 4
_WORDS = {
    1: "parameters error", 2: "authorise error", 3: "no money", 6: "message is denied",
    7: "invalid number", 8: "can't be delivered", 9: "duplicate request, wait a minute",
}  # fmt: skip


@dataclass
class SmscServer:
    """Accepts messages, or refuses them with the reference's error codes.

    `faults` holds the first responses, in order; `seconds` is the duration of each response.
    """

    url: str
    balance: int = 1000
    seconds: float = 0
    forbidden: str = "казино"
    unreachable: set[str] = field(default_factory=set[str])
    statuses: dict[str, int] = field(default_factory=dict[str, int])
    faults: list[Response] = field(default_factory=list[Response])
    asked: list[tuple[str, dict[str, str]]] = field(
        default_factory=list[tuple[str, dict[str, str]]]
    )
    messages: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    at_once: int = 0

    async def answer(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        self.asked.append((request.path_params["what"], form))
        self.at_once += 1
        crowded = self.at_once > MOST_AT_ONCE
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        if self.faults:
            return self.faults.pop(0)
        if (form.get("login"), form.get("psw")) != (LOGIN, PASSWORD):
            return _error(2)
        if crowded:
            return _error(9, words="too many concurrent requests")
        return self._accept(form) if request.path_params["what"] == "send" else self._status(form)

    def _accept(self, form: dict[str, str]) -> Response:
        if (code := self._fault(form)) is not None:
            return _error(code, **({"id": form["id"]} if code in {3, 6, 7, 8} else {}))
        self.messages.append(form)
        self.statuses.setdefault(form["id"], 0)
        return JSONResponse({"id": form["id"], "cnt": 1})

    def _fault(self, form: dict[str, str]) -> int | None:
        digits = form.get("phones", "").removeprefix("+")
        if not form.get("mes") or not re.fullmatch(r"[A-Za-z0-9._-]{1,40}", form.get("id", "")):
            return 1
        if not re.fullmatch("79[0-9]{9}", digits):
            return 7
        if self.forbidden in form["mes"]:
            return 6
        if digits in self.unreachable:
            return 8
        if form in self.messages:
            return 9
        return None if len(self.messages) < self.balance else 3

    def _status(self, form: dict[str, str]) -> Response:
        key, phone = form.get("id", ""), form.get("phone", "")
        if not any((sms["id"], sms["phones"]) == (key, phone) for sms in self.messages):
            return _error(3, words="not found")
        status = {"status": self.statuses[key], "last_date": "22.11.2026 19:00:00"}
        return JSONResponse(status)


def _error(code: int, *, words: str = "", **more: str) -> Response:
    body: dict[str, Any] = {"error": words or _WORDS[code], "error_code": code}
    return JSONResponse(body | more)


@contextmanager
def serving_smsc() -> Generator[SmscServer]:
    port = free_port()
    server = SmscServer(f"http://127.0.0.1:{port}")
    app = Starlette(routes=[Route("/sys/{what}.php", server.answer, methods=["POST"])])
    with serving.serve_in_thread(app, serving.ServerOptions("127.0.0.1", port)):
        yield server
