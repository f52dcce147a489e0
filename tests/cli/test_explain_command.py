"""The command `lk explain`."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from lk_graphql.cli import main
from lk_graphql.identity.service.sessions import session_sql
from lk_graphql.planner.documents import InvalidDocument
from lk_graphql.planner.explain import ExplainRequest, explain
from lk_graphql.planner.principal import SessionSql
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.service.sessions import staff_session_sql
from tests.support.cli_process import lk

SESSIONS = SessionSql(session_sql, staff_session_sql)
Explain = Callable[..., CompletedProcess[str]]

QUERY = """query Bills($where: InvoiceFilterInput) {
  viewer { fullName accounts { invoiceArchive(where: $where) { nodes { total } } } } }
mutation Rename($input: AccountRenameInput!) { accountRename(input: $input) { account { name } } }
"""


@pytest.fixture
def document(tmp_path: Path) -> str:
    file = tmp_path / "bills.graphql"
    file.write_text(QUERY)
    return str(file)


@pytest.fixture
def explain_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Explain:
    """Run the command in this process: for refusals before any model is opened."""

    def run(*words: str) -> CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["lk", "explain", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return CompletedProcess(words, int(end.value.code or 0), *capsys.readouterr())

    return run


def test_a_query_s_sql_needs_no_database(document: str):
    where = '{"where": {"from": "2026-01", "to": null}}'
    done = lk("explain", document, "--operation", "Bills", "--variables", where)
    assert done.returncode == 0, done.stderr
    assert "-- in Python: viewer.fullName" in done.stdout
    assert 'AND t3."period" >= $3::DATE' in done.stdout
    assert "<=" not in done.stdout.partition("LIMIT")[0]


@pytest.mark.usefixtures("opened")
def test_a_mutation_s_sql_is_that_of_its_payload():
    request = ExplainRequest(QUERY, {"input": {"accountId": "acc_1"}}, "Rename")
    text = explain(graphql_schema, request, SESSIONS)
    assert "-- $6: the keys of accountRename.account" in text


def test_the_explanation_has_the_plan_of_postgresql(document: str, database: str):
    done = lk("explain", document, "--operation", "Bills", "--analyze", LK_DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    assert "Execution Time" in done.stdout


@pytest.mark.usefixtures("opened")
def test_one_of_several_operations_has_to_be_named():
    with pytest.raises(InvalidDocument) as refusal:
        explain(graphql_schema, ExplainRequest(QUERY, {}, None), SESSIONS)
    assert refusal.value.errors[0].message == "Name one of the document's operations."


def test_a_missing_variable_is_named(document: str):
    done = lk("explain", document, "--operation", "Rename")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Variable '$input'" in done.stderr


@pytest.mark.parametrize(
    ("variables", "message"),
    [("{", "--variables is not JSON"), ("[]", "--variables must be a JSON object.")],
)
def test_invalid_variables_have_a_message(
    document: str, explain_here: Explain, variables: str, message: str
):
    done = explain_here(document, "--operation", "Bills", "--variables", variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
