"""`lk explain`, as a developer meets it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import LK, environment

from lk_graphql.cli import main

Explain = Callable[..., subprocess.CompletedProcess[str]]

QUERY = """query Bills($where: InvoiceFilterInput) {
  viewer { fullName accounts { invoiceArchive(where: $where) { nodes { total } } } } }
mutation Rename($input: AccountRenameInput!) { accountRename(input: $input) { account { name } } }
"""


@pytest.fixture
def document(tmp_path: Path) -> str:
    file = tmp_path / "bills.graphql"
    file.write_text(QUERY)
    return str(file)


def explained(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LK, "explain", *words],
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def explain_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Explain:
    """The same without a process, which takes seconds to read the schema."""

    def explain(*words: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["lk", "explain", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return subprocess.CompletedProcess(words, int(end.value.code or 0), *capsys.readouterr())

    return explain


def test_a_query_s_sql_needs_no_database(document: str):
    where = '{"where": {"from": "2026-01", "to": null}}'
    done = explained(document, "--operation", "Bills", "--variables", where)
    assert done.returncode == 0, done.stderr
    assert "-- in Python: viewer.fullName" in done.stdout
    assert 'AND t3."period" >= $3::DATE' in done.stdout
    assert "<=" not in done.stdout.partition("LIMIT")[0]


def test_a_mutation_s_sql_is_that_of_its_payload(document: str, explain_here: Explain):
    change = '{"input": {"accountId": "acc_1"}}'
    done = explain_here(document, "--operation", "Rename", "--variables", change)
    assert done.returncode == 0, done.stderr
    assert "-- $6: the keys of accountRename.account" in done.stdout


def test_postgresql_tells_its_plan(document: str, database: str):
    done = explained(document, "--operation", "Bills", "--analyze", LK_DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    assert "Execution Time" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name one of the document's operations."),
        (("--operation", "Bills", "--variables", "{"), "--variables is not JSON"),
        (("--operation", "Bills", "--variables", "[]"), "--variables must be a JSON object."),
        (("--operation", "Rename"), "Variable '$input'"),
    ],
)
def test_what_is_wrong_is_said(
    document: str, explain_here: Explain, words: tuple[str, ...], said: str
):
    done = explain_here(document, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
