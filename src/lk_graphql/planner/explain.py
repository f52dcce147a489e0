"""The SQL of an operation, laid out for reading: what `lk explain` prints."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import GraphQLSchema

from lk_graphql.planner.catalog import Catalog, Unsupported
from lk_graphql.planner.documents import Documents, Operation
from lk_graphql.planner.payloads import PayloadPlan, compile_payloads
from lk_graphql.planner.plan import Plan, compile_plan
from lk_graphql.planner.principal import NO_STAFF_SESSION
from lk_graphql.planner.sql.roots import PAYLOAD_PARAMETERS

_WORD = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|LEFT JOIN|\(|\)|\s+|[^\s()'\"]+")
_QUERIES = frozenset({"SELECT", "WITH"})
_CLAUSES = _QUERIES | {"FROM", "WHERE", "ORDER", "LIMIT", "LEFT JOIN", "JOIN", "UNION", "AND"}


class ExplainRequest(NamedTuple):
    """An operation as `lk explain` is asked about it."""

    text: str
    variables: Mapping[str, object] = {}
    name: str | None = None

    def operation(self, schema: GraphQLSchema) -> Operation:
        """Raises `InvalidDocument`."""
        return Documents(Catalog(schema)).valid(self.text, self.name)


def plan_of(schema: GraphQLSchema, asked: ExplainRequest, session: str) -> Plan:
    """The plan of a query in the shape that these variables give it.

    Raises `InvalidDocument`, and `Unsupported` where graphql-core would answer. The models must be
    open.
    """
    operation = asked.operation(schema)
    shape = operation.plan_key(operation.coerce(asked.variables))
    return compile_plan(operation, shape, session)


def explain(
    schema: GraphQLSchema,
    asked: ExplainRequest,
    session: str,
    staff_session: str = NO_STAFF_SESSION,
) -> str:
    """The statements, a clause to a line, and what happens to their answers."""
    operation = asked.operation(schema)
    shape = operation.plan_key(operation.coerce(asked.variables))
    try:
        if operation.kind == "query":
            return _query(compile_plan(operation, shape, session, staff_session))
        fields = compile_payloads(operation, shape)
    except Unsupported as reason:
        return f"-- answered by graphql-core: {reason}\n"
    told = [_payload(field.key, field.plan) for field in fields if field.plan]
    return "\n".join(told) or "-- no payload names an object: nothing is read\n"


def _query(plan: Plan) -> str:
    notes = [f"-- {len(plan.parameters)} parameters beside the token's hash $1 and the time $2"]
    notes += [f"-- in Python: {'.'.join(patch.path)}" for patch in plan.patches]
    return "\n".join([*notes, format_sql(plan.sql), ""])


def _payload(key: str, plan: PayloadPlan) -> str:
    notes = [
        f"-- what {key} shows when it is done; its viewer is $1, the time $2, the session $3",
        "-- or a member of staff $4 with the role $5",
    ]
    notes += [
        f"-- ${number}: the keys of {'.'.join((key, *place))}"
        for number, place in enumerate(plan.places, PAYLOAD_PARAMETERS + 1)
    ]
    return "\n".join([*notes, format_sql(plan.sql), ""])


def format_sql(sql: str) -> str:
    """SQL with every clause on a line of its own, subqueries indented."""
    return "\n".join(line.rstrip() for line in _lines(sql))


def _lines(sql: str) -> Iterator[str]:
    """Parentheses around a subquery indent; all others stay on their line."""
    line, opened = "", list[bool]()
    words: list[str] = _WORD.findall(re.sub(r"\(\s+", "(", sql.strip()))
    for word, following in zip(words, [*words[1:], ""], strict=True):
        starts_clause = word in _CLAUSES and all(opened[-1:]) and line.strip()
        if starts_clause or (word == ")" and opened.pop()):
            yield line
            line = "  " * sum(opened)
        if word == "(":
            opened.append(following in _QUERIES)
        line += (" " if line.strip() else "") if word.isspace() else word
    yield line
