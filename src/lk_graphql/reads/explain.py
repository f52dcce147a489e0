"""The SQL of an operation, laid out for reading: what `lk explain` prints."""

import re
from collections.abc import Iterator, Mapping

from graphql import GraphQLSchema

from lk_graphql.reads.catalog import Catalog, Unsupported
from lk_graphql.reads.documents import chosen, free, parsed
from lk_graphql.reads.plan import Plan, compile_plan

_WORD = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|LEFT JOIN|\(|\)|\s+|[^\s()'\"]+")
_QUERIES = frozenset({"SELECT", "WITH"})
_CLAUSES = _QUERIES | {"FROM", "WHERE", "ORDER", "LIMIT", "LEFT JOIN", "JOIN", "UNION", "AND"}


def plan_of(
    schema: GraphQLSchema,
    text: str,
    session: str,
    *,
    variables: Mapping[str, object] | None = None,
    operation_name: str | None = None,
) -> Plan:
    """The plan of an operation in the shape that these variables give it.

    Raises `BadDocument`, and `Unsupported` where graphql-core would answer. The models must be
    open.
    """
    catalog = Catalog(schema)
    operation = chosen(catalog, parsed(catalog, text, ()), operation_name, free)
    return compile_plan(operation, operation.shape(operation.coerce(variables or {})), session)


def explain(
    schema: GraphQLSchema,
    text: str,
    session: str,
    *,
    variables: Mapping[str, object] | None = None,
    operation_name: str | None = None,
) -> str:
    """The statement, a clause to a line, and what happens to its answer."""
    try:
        plan = plan_of(schema, text, session, variables=variables, operation_name=operation_name)
    except Unsupported as reason:
        return f"-- answered by graphql-core: {reason}\n"
    notes = [f"-- {len(plan.parameters)} parameters beside the token's hash $1 and the time $2"]
    notes += [f"-- in Python: {'.'.join(patch.path)}" for patch in plan.patches]
    return "\n".join([*notes, laid_out(plan.sql), ""])


def laid_out(sql: str) -> str:
    """SQL with every clause on a line of its own, subqueries indented."""
    return "\n".join(line.rstrip() for line in _lines(sql))


def _lines(sql: str) -> Iterator[str]:
    """Parentheses around a subquery indent; all others stay on their line."""
    line, opened = "", list[bool]()
    words: list[str] = _WORD.findall(sql)
    for word, following in zip(words, [*words[1:], ""], strict=True):
        starts_clause = word in _CLAUSES and all(opened[-1:]) and line.strip()
        if starts_clause or (word == ")" and opened.pop()):
            yield line
            line = "  " * sum(opened)
        if word == "(":
            opened.append(following in _QUERIES)
        line += (" " if line.strip() else "") if word.isspace() else word
    yield line
