"""The formatted SQL of operations."""

from lk_graphql.planner.explain import ExplainRequest, explain
from lk_graphql.planner.principal import SessionSql
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_schema import graphql_schema, session_sql


def test_an_explanation_has_the_statement_of_a_plan(both_paths: BothPaths) -> None:
    assert both_paths.engine
    text = "query ($n: Int!) { viewer { clubs { events(first: $n) { posterUrl } } } }"
    sql = explain(graphql_schema, ExplainRequest(text, {"n": 2}), SessionSql(session_sql))
    assert "-- in Python: viewer.clubs.events.posterUrl" in sql
    assert '\n        FROM "person" t1\n        WHERE t1."id" = (\n' in sql
    assert sql.count("(") == sql.count(")")


def test_an_explanation_has_the_reason_why_there_is_no_plan(both_paths: BothPaths) -> None:
    assert both_paths.engine
    text = explain(
        graphql_schema, ExplainRequest("{ __schema { description } }"), SessionSql(session_sql)
    )
    assert text == "-- executed by graphql-core: introspection\n"
