"""Liveness and readiness probes, and the contact for security reports."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lk_graphql.kit.clock import Clock
from lk_graphql.kit.errors import Unavailable

SECURITY_TXT = "/.well-known/security.txt"
LIVENESS = "/healthz"
PATHS = frozenset({LIVENESS, "/readyz"})
ALIVE = PlainTextResponse("alive\n")
"""The response of `healthz`, built once."""

log = structlog.stdlib.get_logger("lk_graphql.api")

READINESS_SECONDS = 1.5
"""Seconds for the database's response, less than the usual two seconds of load balancers."""


def health_routes(check_database: Callable[[], Awaitable[object]]) -> list[Route]:
    """`/healthz` and `/readyz`; `check_database` raises when the database is down."""

    async def readyz(_: Request) -> Response:
        try:
            async with asyncio.timeout(READINESS_SECONDS):
                await check_database()
        except Exception as cause:  # noqa: BLE001 - any failure means "not ready"
            log.warning("not ready", reason=type(cause).__name__)
            headers = {"retry-after": str(Unavailable("database").retry_after)}
            return PlainTextResponse("the database does not answer\n", 503, headers)
        return PlainTextResponse("ready\n")

    return [Route(LIVENESS, healthz), Route("/readyz", readyz)]


def security_txt(contact: str, public_url: str, clock: Clock) -> list[Route]:
    """`/.well-known/security.txt` (RFC 9116); none without a contact."""

    async def answer(_: Request) -> Response:
        until = clock() + timedelta(days=180)
        lines = [
            f"Contact: {contact}",
            f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: ru, en",
            f"Canonical: {public_url}{SECURITY_TXT}",
        ]
        return PlainTextResponse("\n".join(lines) + "\n")

    return [Route(SECURITY_TXT, answer)] if contact else []


async def healthz(_: Request) -> Response:
    """The liveness probe, without the database: its outage is no reason for a restart."""
    return ALIVE
