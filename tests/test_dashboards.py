"""The dashboard and the alerts of `deploy/` name metrics that exist, and each alert has advice."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from lk_graphql.api.access_log import Metrics
from lk_graphql.kit import metrics

ALERTS = Path("deploy/alerts.yaml").read_text()
DASHBOARD: dict[str, Any] = json.loads(Path("deploy/grafana/lk_graphql.json").read_text())
ADVICE = Path("docs/alerts.md").read_text()
PROMETHEUS_OWN = {"up"}
_NAME = re.compile(r"\b(?:lk_graphql|process|python)_[a-z_]+\b|\bup\b")
_LABELS = re.compile(r"(\w+)\{([^}]*)\}")


def declared() -> Iterator[Any]:
    """All metrics of the server and the worker."""
    for holder in (Metrics(CollectorRegistry()), metrics):
        yield from (each for each in vars(holder).values() if isinstance(each, MetricWrapperBase))


def samples(metric: Any) -> dict[str, set[str]]:
    """The names of a metric's samples, with their labels."""
    for number in range(5):
        values = ["x"] * number
        with suppress(ValueError):  # another number of labels
            _ = metric.labels(*values) if values else None
            families = list(metric.collect())
            if values:
                metric.remove(*values)
            if found := {each.name: {*each.labels} for f in families for each in f.samples}:
                return found
    raise AssertionError(metric)


@cache
def existing() -> dict[str, set[str]]:
    """The names of all samples that are exported, with their labels."""
    process = {each.name: set[str]() for f in REGISTRY.collect() for each in f.samples}
    return process | {name: got for metric in declared() for name, got in samples(metric).items()}


def expressions() -> list[str]:
    alerts = re.findall(r"expr: (?:>\n)?((?:.|\n)*?)\n        (?:for|labels)", ALERTS)
    panels = [
        target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())
    ]
    return [*alerts, *panels]


def test_dashboards_have_expressions():
    assert len(expressions()) > 30


@pytest.mark.parametrize("expression", expressions())
def test_every_metric_of_an_expression_exists(expression: str):
    names = set(_NAME.findall(expression))
    assert names
    assert names - existing().keys() - PROMETHEUS_OWN == set()


@pytest.mark.parametrize("expression", expressions())
def test_every_label_of_an_expression_exists(expression: str):
    for name, matchers in _LABELS.findall(expression):
        if name.startswith("lk_graphql"):
            assert set(re.findall(r"(\w+)\s*[=!]", matchers)) <= existing()[name]


def test_every_metric_is_in_a_dashboard():
    shown = {*_NAME.findall(" ".join(expressions()))}
    assert [metric for metric in declared() if shown.isdisjoint(samples(metric))] == []


def test_no_metric_has_a_label_that_prometheus_sets_itself():
    """Such a label would be renamed to `exported_job`, and its own one be shown in its place."""
    labels = {label for metric in declared() for each in samples(metric).values() for label in each}
    assert labels & {"job", "instance"} == set()


def test_panels_have_ids_of_their_own_and_lie_side_by_side():
    panels = DASHBOARD["panels"]
    places = [panel["gridPos"] for panel in panels]
    cells = [
        (x, y)
        for place in places
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({*cells}) == len(cells)


def test_every_alert_has_a_section_of_advice():
    alerts = re.findall(r"- alert: (\w+)", ALERTS)
    assert alerts
    assert [name for name in alerts if f"\n## {name}\n" not in ADVICE] == []
    assert re.findall(r"\n## (\w+)\n", ADVICE) == alerts
    assert re.findall(r"runbook: docs/alerts.md#(\w+)", ALERTS) == [name.lower() for name in alerts]
