"""Look up the locks' packages in the index's advisories: `make audit`.

pip-audit calls a package without an entry "skipped", and a run in which all are skipped clean.
A mirror has no advisories, so here such a run is told apart: nothing was audited.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

UNREACHABLE = "No advisory database is reachable from here: nothing was audited."


def audit(lock: str) -> list[dict[str, Any]]:
    """The packages of a lock with what is known of them; empty without a database."""
    with TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        done = subprocess.run(
            [
                sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip",
                "--progress-spinner", "off", "--format", "json", "--output", report, "-r", lock,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if report.exists():
            return json.loads(report.read_text())["dependencies"]
    if "ConnectionError" in done.stderr or "Timeout" in done.stderr:
        return []
    raise SystemExit(done.stderr)


def judge(lock: str, packages: list[dict[str, Any]]) -> tuple[bool, list[str]]:
    """Whether a lock is clean, and what there is to say about it."""
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        return True, [f"{lock}: {UNREACHABLE}"]
    lines = [
        f"{lock}: {package['name']} {package['version']}: {weakness['id']}"
        f" (mended in {', '.join(weakness['fix_versions']) or 'no version yet'})"
        for package in audited
        for weakness in package["vulns"]
    ]
    skipped = [package["name"] for package in packages if "vulns" not in package]
    if skipped:
        lines.append(f"{lock}: not in the database: {', '.join(skipped)}")
    is_clean = not any(package["vulns"] for package in audited)
    return is_clean, lines or [f"{lock}: no known weakness in {len(audited)} packages."]


if __name__ == "__main__":
    verdicts = [judge(lock, audit(lock)) for lock in sys.argv[1:]]
    print(*(line for _, lines in verdicts for line in lines), sep="\n")
    sys.exit(not all(clean for clean, _ in verdicts))
