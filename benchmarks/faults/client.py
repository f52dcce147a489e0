"""The writers' HTTP client: an answer, a refusal by a rule, or no answer."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, NoReturn

import httpx

from benchmarks.faults.ledger import Call, CallKind

DOCUMENTS = {
    CallKind.READINGS: "entries { registerId reading { id value } errors { code } }",
    CallKind.PAYMENT: "payment { id number pageUrl }",
    CallKind.REFUND: "payment { id }",
    CallKind.APPEAL: "appeal { id number }",
    CallKind.SIGN_UP: "sentTo",
    CallKind.IMPORT: "importRun { id }",
    CallKind.EXPORT: "exportRun { id }",
    CallKind.PHONE_CODE: "expiresAt",
}
ANNOUNCE = "upload { id }"
ANNOUNCE_STAFF = "uploadId"
_READY_SECONDS = 5
_START_SECONDS = 120
_FAILURES = {"INTERNAL", "UNAVAILABLE"}


class NoAnswer(Exception):
    """The connection broke, or the server answered 5xx: the call may have happened or not."""


@dataclass
class RefusedByRule(Exception):
    """A rule of the business refused the call."""

    codes: list[str]


@dataclass
class ApiClient:
    """Sends calls; `slowest` is the longest request, answered or not; `hung` have no end."""

    url: str
    limit: float
    """Seconds after which a request hangs."""
    rng: Random
    slowest: float = 0
    hung: list[str] = field(default_factory=list[str])
    unanswered: int = 0
    failures: Counter[str] = field(default_factory=Counter[str])
    """Numbers of unanswered requests by status, GraphQL code or broken connection."""
    internal_errors: int = 0
    """Those of them without a code that helps the client: status 500 or `INTERNAL`."""
    broken: list[str] = field(default_factory=list[str])
    """Answers that no client should get."""

    def __post_init__(self) -> None:
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=self.limit, trust_env=False, verify=False
        )

    async def send(self, call: Call) -> dict[str, Any]:
        """The answer's payload. Raises `NoAnswer` and `RefusedByRule`."""
        if call.kind in {CallKind.UPLOAD, CallKind.TABLE}:
            await self._put(call)
            return {}
        return await self.mutate(call.kind, DOCUMENTS[call.kind], call.token, call.input)

    async def mutate(
        self, name: str, selection: str, token: str, values: dict[str, Any]
    ) -> dict[str, Any]:
        input_type = f"{name[0].upper()}{name[1:]}Input"
        document = (
            f"mutation ($input: {input_type}!) {{ {name}(input: $input)"
            f" {{ {selection} errors {{ code }} }} }}"
        )
        data = await self.ask(document, token, {"input": values})
        payload: dict[str, Any] = data[name]
        errors = [*payload["errors"], *_errors_of_entries(payload)]
        if errors:
            raise RefusedByRule([error["code"] for error in errors])
        return payload

    async def ask(
        self, document: str, token: str = "", variables: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """The `data` of an operation."""
        body = {"query": document, "variables": variables or {}}
        response = await self._request("POST", "/graphql", json=body, headers=self._headers(token))
        answer = response.json()
        if "errors" in answer:
            self._fail(answer["errors"][0])
        return answer["data"]

    async def get(self, path: str, *, limit: float) -> int | None:
        """The status of an address; None without an answer within `limit` seconds."""
        try:
            return (await self._http.get(path, timeout=limit)).status_code
        except httpx.HTTPError:
            return None

    async def wait_until_ready(self) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(_START_SECONDS):
            while await self.get("/readyz", limit=_READY_SECONDS) != 200:  # noqa: ASYNC110 - remote
                await asyncio.sleep(0.1)

    async def _put(self, call: Call) -> None:
        response = await self._request(
            "PUT", call.input["url"], content=call.input["content"].encode()
        )
        if response.status_code != 204:
            raise RefusedByRule([str(response.status_code)])

    async def _request(self, method: str, url: str, **options: Any) -> httpx.Response:
        started = time.monotonic()
        try:
            response = await self._http.request(method, url, **options)
        except httpx.ReadTimeout:
            self.hung.append(f"{method} {url}")
            raise NoAnswer("timeout") from None
        except httpx.HTTPError as error:
            self._count(type(error).__name__)
            raise NoAnswer(type(error).__name__) from None
        finally:
            self.slowest = max(self.slowest, time.monotonic() - started)
        # 408: a server without CPU hasn't read the request within its limit
        if response.status_code == 408 or response.status_code >= 500:
            self._count(str(response.status_code))
            self.internal_errors += response.status_code == 500
            raise NoAnswer(str(response.status_code))
        return response

    def _headers(self, token: str) -> dict[str, str]:
        """Another client address for each request, because limits count by address."""
        address = ".".join(str(self.rng.randint(1, 250)) for _ in range(4))
        bearer = {"authorization": f"Bearer {token}"} if token else {}
        return {"x-forwarded-for": address} | bearer

    def _fail(self, error: dict[str, Any]) -> NoReturn:
        """Raise `NoAnswer` for an error of the server's; other errors are noted, too."""
        code = error["extensions"]["code"]
        if code in _FAILURES:
            self._count(code)
            self.internal_errors += code == "INTERNAL"
        else:
            self.broken.append(f"{code} for {error.get('path')}: {error['message']}"[:300])
        raise NoAnswer(code)

    def _count(self, failure: str) -> None:
        self.unanswered += 1
        self.failures[failure] += 1

    async def close(self) -> None:
        await self._http.aclose()


def _errors_of_entries(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The faults of entries, as those of readings."""
    return [error for entry in payload.get("entries") or () for error in entry["errors"]]
