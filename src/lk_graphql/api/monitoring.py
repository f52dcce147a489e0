"""The operators' port of `lk serve` and `lk worker`: metrics and liveness.

A separate thread serves it, so it responds even while the event loop is blocked.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
    multiprocess,
)
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def monitoring_app(is_alive: Callable[[], bool] = lambda: True) -> Starlette:
    """`/metrics` of this process, or of all processes of a server, and `/healthz`."""

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(registry()), media_type=CONTENT_TYPE_LATEST)

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n") if is_alive() else PlainTextResponse("hangs\n", 503)

    return Starlette(routes=[Route("/metrics", metrics), Route("/healthz", healthz)])


def registry() -> CollectorRegistry:
    """Metrics of the process; with a shared folder, the sums of all and the resources of each."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return REGISTRY
    pids = set(_running_processes(Path(folder)))
    summed = CollectorRegistry()
    multiprocess.MultiProcessCollector(summed, folder)
    summed.register(_Processes(sorted(pids)))
    return summed


def _running_processes(folder: Path) -> Iterator[int]:
    """The running processes that have written metrics; drops the gauges of ended processes."""
    for pid in {int(file.stem.rpartition("_")[2]) for file in folder.glob("*.db")}:
        if Path(f"/proc/{pid}").exists():
            yield pid
        else:
            cast("Any", multiprocess).mark_process_dead(pid, str(folder))  # untyped


class _Processes(Collector):
    """Memory, CPU and open files of each process; prometheus-client only measures its own."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for pid in self._pids:
            for family in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():
                metric = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                for sample in family.samples:
                    metric.add_sample(sample.name, {"pid": str(pid)}, sample.value)
        yield from families.values()
