"""What is kept of a document: its text, and no tree; whatever else is asked is read from it."""

import gc
from collections.abc import Sequence
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


def forget_trees(both_paths: BothPaths) -> None:
    """Read so many other documents that no tree from before is at hand."""
    for number in range(PARSED_DOCUMENTS):
        _ = both_paths.call(f"query Q{number} {{ tags {{ id }} }}").operation.document


@pytest.mark.parametrize("text", ["{ viewer { clubs { id title } } }", PAGE])
def test_a_remembered_plan_keeps_nothing_of_the_tree(
    both_paths: BothPaths, mini_rows: MiniRows, text: str
):
    call = both_paths.call(text, mini_rows.tokens[2])
    answer = both_paths.plan(call)
    tree, selected = ref(call.operation.document), ref(call.operation.node.selection_set)
    gc.collect()  # graphql-core's validation leaves circles; from here on there is none
    gc.disable()
    try:
        forget_trees(both_paths)
        assert (tree(), selected()) == (None, None)
    finally:
        gc.enable()
    assert both_paths.plan(call) == answer


def test_a_kept_node_refers_to_no_token(both_paths: BothPaths):
    """Tokens refer to their neighbours: one would keep all of them."""
    operation = both_paths.call(PAGE).operation
    assert operation.node.loc is None
    assert operation.node_in(operation.located).loc


def test_for_another_shape_the_text_is_read_again(both_paths: BothPaths, mini_rows: MiniRows):
    call = both_paths.call(PAGE, mini_rows.tokens[2])
    forget_trees(both_paths)
    assert "name" in both_paths.both(call)["viewer"]
    forget_trees(both_paths)
    without = call._replace(variables={"flag": True, "first": None})
    assert "name" not in both_paths.both(without)["viewer"]


def test_errors_stand_where_they_stood(both_paths: BothPaths, mini_rows: MiniRows):
    call = both_paths.call(PAGE, mini_rows.tokens[2], first=0)
    assert both_paths.plan(call) is None
    before = errors(both_paths, call)
    forget_trees(both_paths)
    assert errors(both_paths, call) == before
    assert [line for _, line, _ in before] == [1, 3]


def errors(both_paths: BothPaths, call: Call) -> list[tuple[str, int, object]]:
    """Of a wrong variable, and of a wrong argument: what they say, the line, and the path."""
    with pytest.raises(InvalidDocument) as bad:
        both_paths.run(both_paths.reader.execute_plan(call._replace(variables={"first": "two"})))
    found: Sequence[GraphQLError] = [*bad.value.errors, *both_paths.executed(call).errors]
    return [(one.message, (one.locations or [])[0].line, one.path) for one in found]


def test_every_operation_of_a_document_is_validated_with_it(both_paths: BothPaths):
    documents = Documents(both_paths.reader.catalog)
    text = "query A { tags { id } } query B { nonsense }"
    for name in ("A", "B", None):
        with pytest.raises(InvalidDocument, match="nonsense"):
            documents.valid(text, name)
