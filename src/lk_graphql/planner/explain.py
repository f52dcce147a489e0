"""The formatted SQL of an operation, for `lk explain`."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import GraphQLSchema

from lk_graphql.planner.catalog import Catalog, Unsupported
from lk_graphql.planner.documents import Documents, Operation
from lk_graphql.planner.mutations import PayloadPlan, compile_payloads
from lk_graphql.planner.plan import Plan, compile_plan
from lk_graphql.planner.principal import SessionSql
from lk_graphql.planner.sql.roots import PAYLOAD_PARAMETERS

_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|LEFT JOIN|\(|\)|\s+|[^\s()'\"]+")
_QUERIES = frozenset({"SELECT", "WITH"})
_CLAUSES = _QUERIES | {"FROM", "WHERE", "ORDER", "LIMIT", "LEFT JOIN", "JOIN", "UNION", "AND"}


class ExplainRequest(NamedTuple):
    """The arguments of `lk explain`."""

    text: str
    variables: Mapping[str, object] = {}
    name: str | None = None

    def operation(self, schema: GraphQLSchema) -> Operation:
        """Raises `InvalidDocument`."""
        return Documents(Catalog(schema)).valid(self.text, self.name)


def plan_of(schema: GraphQLSchema, request: ExplainRequest, sessions: SessionSql) -> Plan:
    """The plan of a query for these variables; the models must be open.

    Raises `InvalidDocument`, and `Unsupported` if the resolvers would execute it.
    """
    operation = request.operation(schema)
    plan_key = operation.plan_key(operation.coerce(request.variables))
    return compile_plan(operation, plan_key, sessions)


def explain(schema: GraphQLSchema, request: ExplainRequest, sessions: SessionSql) -> str:
    """The statements, formatted, with notes about parameters and derived fields."""
    operation = request.operation(schema)
    plan_key = operation.plan_key(operation.coerce(request.variables))
    try:
        if operation.kind == "query":
            return _query(compile_plan(operation, plan_key, sessions))
        fields = compile_payloads(operation, plan_key)
    except Unsupported as reason:
        return f"-- executed by graphql-core: {reason}\n"
    statements = [_payload(field.key, field.plan) for field in fields if field.plan]
    return "\n".join(statements) or "-- no payload names an object: nothing is read\n"


def _query(plan: Plan) -> str:
    notes = [f"-- {len(plan.parameters)} parameters after the token's hash $1 and the time $2"]
    notes += [f"-- statement {plan.fingerprint} in the log and in traces"]
    notes += [f"-- in Python: {'.'.join(patch.path)}" for patch in plan.patches]
    if plan.split:
        notes += [f"-- {key}: by graphql-core, {why}" for key, why in plan.split.reasons.items()]
    return "\n".join([*notes, format_sql(plan.sql), ""])


def _payload(key: str, plan: PayloadPlan) -> str:
    notes = [
        f"-- the objects of {key} after its commit; $1 is the viewer, $2 the time, $3 the session",
        "-- $4 the staff member, $5 the staff role",
    ]
    notes += [
        f"-- ${number}: the keys of {'.'.join((key, *place))}"
        for number, place in enumerate(plan.places, PAYLOAD_PARAMETERS + 1)
    ]
    return "\n".join([*notes, format_sql(plan.sql), ""])


def format_sql(sql: str) -> str:
    """SQL with each clause on its own line, and indented subqueries."""
    return "\n".join(line.rstrip() for line in _lines(sql))


def _lines(sql: str) -> Iterator[str]:
    """Split SQL into lines; a subquery is indented, other parentheses stay on the line."""
    line, is_subquery = "", list[bool]()
    symbols: list[str] = _TOKEN.findall(re.sub(r"\(\s+", "(", sql.strip()))
    for symbol, next_symbol in zip(symbols, [*symbols[1:], ""], strict=True):
        starts_clause = symbol in _CLAUSES and all(is_subquery[-1:]) and line.strip()
        if starts_clause or (symbol == ")" and is_subquery.pop()):
            yield line
            line = "  " * sum(is_subquery)
        if symbol == "(":
            is_subquery.append(next_symbol in _QUERIES)
        line += (" " if line.strip() else "") if symbol.isspace() else symbol
    yield line
