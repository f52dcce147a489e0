"""Whole documents by hypothesis-graphql, the generator of schemathesis: no fault of the server.

It takes a fifth of a second for a document, so `make fuzz` has fewer of these.
"""

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema
from hypothesis_graphql.nodes import String

from lk_graphql.schema import graphql_schema
from tests.fuzz.target import CUSTOMERS, GUEST, STAFF, FuzzTarget, fault_of, unexpected_lines
from tests.fuzz.values import KINDS
from tests.support.path_comparison import EXAMPLES

IN_SUITE = 6
SCALARS = {
    name: st.sampled_from([text for text in KINDS[name] if text.isprintable()]).map(String)
    for name in ("Date", "DateTime", "Period", "Money", "Quantity", "Url")
}
DOCUMENTS = from_schema(graphql_schema, custom_scalars=SCALARS)
LOGINS = st.sampled_from([GUEST, *CUSTOMERS, *STAFF])


@pytest.mark.fuzz
@settings(
    max_examples=EXAMPLES // 20 or IN_SUITE,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(document=DOCUMENTS, login=LOGINS)
async def test_no_document_is_a_fault_of_the_server(target: FuzzTarget, document: str, login: str):
    answer = await target.post(login, orjson.dumps({"query": document}))

    assert fault_of(answer) is None, answer.text
    assert unexpected_lines(target.log) == []
