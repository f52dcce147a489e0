"""The rules that keep a migration from stopping the service: see docs/operations.md, "Upgrades".

Most of them are rules of squawk, a linter for PostgreSQL migrations. A comment disables a rule for
a statement; the line above it states the reason:

    -- no release has read it since 1.4
    -- squawk-ignore ban-drop-column
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

from lk_graphql.kit.errors import CommandError

FIRST_NUMBER = 9
"""The number of the first migration under the rules. Earlier ones were part of no release: together
they make the initial schema, on a database without customers."""

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '300ms';"
"""The first statement of a migration in a transaction.

While a statement waits for a lock, all later readers of the table wait behind it.
"""

_ABOUT_STYLE = (
    *("prefer-text-field", "prefer-bigint-over-int", "prefer-bigint-over-smallint"),
    *("require-statement-timeout", "prefer-identity", "prefer-timestamp-tz"),
)
_IN_TRANSACTION = ("prefer-robust-stmts",)  # a failure rolls back all statements
_OUTSIDE = ("require-lock-timeout",)  # the statements that may run there block no request
_ALTERED = re.compile(r'^\s*(?:ALTER|DROP) TABLE (?:ONLY |IF EXISTS )*"?(\w+)"?', re.MULTILINE)
_CREATED = re.compile(r'^\s*CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)"?', re.MULTILINE)


class _Finding(TypedDict):
    line: int
    rule_name: str
    message: str
    help: str | None


def violations(sql: str, *, in_transaction: bool) -> list[str]:
    """A sentence for each statement that would make requests wait or break the previous release."""
    lines = sql.splitlines()
    messages = [
        f"{lines[finding['line']].strip()}\n  {finding['rule_name']}: {finding['message']}"
        f" {finding['help'] or ''}".rstrip()
        for finding in _squawk(sql, in_transaction=in_transaction)
    ]
    if in_transaction and not sql.lstrip().startswith(LOCK_TIMEOUT):
        messages.append(f"The first statement must be: {LOCK_TIMEOUT}")
    altered = {*_ALTERED.findall(sql)} - {*_CREATED.findall(sql)}
    if len(altered) > 1:
        messages.append(
            f"It alters several tables: {', '.join(sorted(altered))}. Write a migration for each,"
            " so that no table stays locked while the migration waits for another one."
        )
    return messages


def _squawk(sql: str, *, in_transaction: bool) -> list[_Finding]:
    program = Path(sys.executable).with_name("squawk")
    if not program.exists():
        raise CommandError("squawk, a development tool, isn't installed. Run: make .venv/ready")
    excluded = (*_ABOUT_STYLE, *(_IN_TRANSACTION if in_transaction else _OUTSIDE))
    options = ["--assume-in-transaction"] if in_transaction else []
    done = subprocess.run(  # noqa: S603 - a program of this environment
        [
            *(program, "--reporter", "json", "--pg-version", "16"),
            *(f"--exclude={rule}" for rule in excluded),
            *options,
        ],
        input=sql, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if not done.stdout.strip():
        raise CommandError(f"squawk failed: {done.stderr.strip()}")
    return json.loads(done.stdout)
