"""A Prometheus by the sample of `deploy/`, which scrapes the processes of this run."""

import json
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from benchmarks.servers import ROOT, free_port

SAMPLE, ALERTS = ROOT / "deploy/prometheus.yml", ROOT / "deploy/alerts.yaml"
SCRAPE_SECONDS = 15
_START_SECONDS = 30


@dataclass(frozen=True)
class Series:
    """A series of an answer: its labels, and its points (time, value)."""

    labels: Mapping[str, str]
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Rule:
    """An alert rule as it was last evaluated; `error` is empty if that succeeded."""

    name: str
    state: str
    error: str


@dataclass(frozen=True)
class Prometheus:
    """A running Prometheus. Expressions may have `$__rate_interval`, as in Grafana."""

    url: str

    def series(self, expression: str, start: float, end: float, step: float) -> list[Series]:
        """The series of an expression. Raises ValueError if Prometheus refuses it."""
        interval = f"{max(4 * SCRAPE_SECONDS, round(step) + SCRAPE_SECONDS)}s"
        values = {"start": start, "end": end, "step": step}
        query = expression.replace("$__rate_interval", interval)
        data = self._ask("query_range", {"query": query, **values})
        return [
            Series(each["metric"], [(at, float(value)) for at, value in each["values"]])
            for each in data["result"]
        ]

    def rules(self) -> list[Rule]:
        groups = self._ask("rules", {})["groups"]
        return [
            Rule(rule["name"], rule["state"], rule.get("lastError", ""))
            for group in groups
            for rule in group["rules"]
        ]

    def targets(self) -> dict[str, str]:
        """The health of each target: `up`, `down`, `unknown`."""
        active = self._ask("targets", {})["activeTargets"]
        return {target["scrapeUrl"]: target["health"] for target in active}

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _ask(self, path: str, values: Mapping[str, Any]) -> dict[str, Any]:
        address = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(values)}"
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as refusal:
            raise ValueError(f"{values}: {json.load(refusal)['error']}") from refusal


@contextmanager
def running_prometheus(folder: Path, ports: Mapping[str, int]) -> Generator[Prometheus]:
    """Prometheus with the sample, in which `ports` takes the place of its targets.

    Raises OSError if it isn't installed or doesn't start.
    """
    program = which("prometheus")
    if program is None:
        raise OSError("prometheus is not installed; on Debian and Ubuntu: apt install prometheus")
    text = SAMPLE.read_text()
    for target, port in ports.items():
        assert target in text, target
        text = text.replace(target, f"127.0.0.1:{port}")
    folder.mkdir(parents=True)
    (folder / "prometheus.yml").write_text(text)
    (folder / "alerts.yaml").write_text(ALERTS.read_text())
    address = f"127.0.0.1:{free_port()}"
    command = [
        program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={address}", "--log.level=warn",
    ]  # fmt: skip
    process = subprocess.Popen(command)
    prometheus = Prometheus(f"http://{address}")
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not prometheus.is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise OSError("prometheus didn't start")
            time.sleep(0.1)
        yield prometheus
    finally:
        process.terminate()
        process.wait()
