"""What machines ask: whether we live, whether we can work, and how it goes."""

import os
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

log = structlog.stdlib.get_logger("lk_graphql.api")


def health_routes(ready: Callable[[], Awaitable[object]]) -> list[Route]:
    """`/healthz`, `/readyz` and `/metrics`; `ready` raises when the database doesn't answer."""

    async def readyz(_: Request) -> Response:
        try:
            await ready()
        except Exception as cause:  # noqa: BLE001 - whatever the reason, we can't work
            log.warning("not ready", reason=type(cause).__name__)
            return PlainTextResponse("the database does not answer\n", 503)
        return PlainTextResponse("ready\n")

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


async def healthz(_: Request) -> Response:
    """The process lives: no reason to restart it, whatever the database does."""
    return PlainTextResponse("alive\n")


async def metrics(_: Request) -> Response:
    return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """All workers' figures where there are several (`serving.run`), else this process's."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
