"""The cache of documents: plans keep the text of a document and no part of its AST."""

import gc
from weakref import ref

import pytest
from graphql import GraphQLError

from lk_graphql.planner.documents import PARSED_DOCUMENTS, Documents, InvalidDocument
from lk_graphql.planner.engine import Call
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows

PAGE = """query Page($first: Int = 2, $from: Date, $flag: Boolean = false) { viewer {
    name @skip(if: $flag)
    clubs { allEvents(first: $first, where: {from: $from, titles: ["g1"]}) { nodes { id } } } } }"""


def evict_documents(both_paths: BothPaths) -> None:
    """Parse so many other documents that earlier ASTs leave the cache."""
    for number in range(PARSED_DOCUMENTS):
        _ = both_paths.call(f"query Q{number} {{ tags {{ id }} }}").operation.document


@pytest.mark.parametrize("text", ["{ viewer { clubs { id title } } }", PAGE])
def test_a_cached_plan_refers_to_nothing_of_the_tree(
    both_paths: BothPaths, mini_rows: MiniRows, text: str
):
    call = both_paths.call(text, mini_rows.tokens[2])
    answer = both_paths.plan(call)
    document, selection = ref(call.operation.document), ref(call.operation.node.selection_set)
    gc.collect()  # graphql-core's validation leaves reference cycles
    gc.disable()
    try:
        evict_documents(both_paths)
        assert (document(), selection()) == (None, None)
    finally:
        gc.enable()
    assert both_paths.plan(call) == answer


def test_a_cached_node_refers_to_no_token(both_paths: BothPaths):
    """A token refers to its neighbours, so one would keep all of them alive."""
    operation = both_paths.call(PAGE).operation
    assert operation.node.loc is None
    assert operation.node_in(operation.located).loc


def test_for_another_shape_the_text_is_read_again(both_paths: BothPaths, mini_rows: MiniRows):
    call = both_paths.call(PAGE, mini_rows.tokens[2])
    evict_documents(both_paths)
    assert "name" in both_paths.both(call)["viewer"]
    evict_documents(both_paths)
    call_without_name = call._replace(variables={"flag": True, "first": None})
    assert "name" not in both_paths.both(call_without_name)["viewer"]


def test_errors_have_the_same_locations_after_an_eviction(
    both_paths: BothPaths, mini_rows: MiniRows
):
    call = both_paths.call(PAGE, mini_rows.tokens[2], first=0)
    before = errors(both_paths, call)
    evict_documents(both_paths)
    assert errors(both_paths, call) == before
    assert [line for _, line, _ in before] == [1, 3]


def errors(both_paths: BothPaths, call: Call) -> list[tuple[str, int, object]]:
    """Message, line and path of the errors of a wrong variable and a wrong argument."""
    graphql_errors: list[GraphQLError] = []
    for wrong in (call._replace(variables={"first": "two"}), call):
        with pytest.raises(InvalidDocument) as raised:
            both_paths.run(both_paths.engine.execute_plan(wrong))
        graphql_errors += raised.value.errors
    return [
        (error.message, (error.locations or [])[0].line, error.path) for error in graphql_errors
    ]


def test_every_operation_of_a_document_is_validated_with_it(both_paths: BothPaths):
    documents = Documents(both_paths.engine.catalog)
    text = "query A { tags { id } } query B { nonsense }"
    for name in ("A", "B", None):
        with pytest.raises(InvalidDocument, match="nonsense"):
            documents.valid(text, name)
