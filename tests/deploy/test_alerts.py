"""The alert rules before Prometheus's own tool: they are valid, and ring when they should."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

promtool = which("promtool")
needs_promtool = pytest.mark.skipif(
    promtool is None, reason="promtool isn't installed (Debian and Ubuntu: package prometheus)"
)


def run(*words: str) -> tuple[int, str]:
    assert promtool
    done = subprocess.run([promtool, *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@needs_promtool
def test_the_rules_are_valid():
    count = Path("deploy/alerts.yaml").read_text().count("- alert:")
    status, output = run("check", "rules", "deploy/alerts.yaml")
    assert (status, f"SUCCESS: {count} rules found" in output) == (0, True), output


@needs_promtool
def test_the_sample_of_prometheus_is_valid():
    status, output = run("check", "config", "deploy/prometheus.yml")
    assert status == 0, output


@needs_promtool
def test_the_alerts_ring_when_they_should_and_not_before():
    status, output = run("test", "rules", "deploy/alerts_test.yaml")
    assert (status, "SUCCESS" in output) == (0, True), output


def test_each_alert_of_the_severity_page_is_tested():
    rules = Path("deploy/alerts.yaml").read_text().split("- alert: ")[1:]
    pages = {rule.split()[0] for rule in rules if "severity: page" in rule}
    tested = {*re.findall(r"alertname: (\w+)\n", Path("deploy/alerts_test.yaml").read_text())}
    assert pages
    assert pages - tested == set()
