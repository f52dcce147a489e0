"""Faults of a compiler, each applied by a monkeypatch.

The resolver path and the oracles don't have them, so the tests of the compiler must fail.
"""

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult

from lk_graphql.kit import ids
from lk_graphql.planner import selection
from lk_graphql.planner.declare import scalars
from lk_graphql.planner.declare.sources import KEY
from lk_graphql.planner.plan import Split
from lk_graphql.planner.sql import conditions, expressions, pages, roots, statement, writer

# ruff: noqa: SLF001 - faults are inside private functions
# pyright: reportPrivateUsage=false


Fault = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, Fault] = {}


def fault(function: Fault) -> Fault:
    """Register a fault under its function's name."""
    FAULTS[function.__name__] = function
    return function


def rewrite(patch: pytest.MonkeyPatch, owner: Any, name: str, old: str, new: str) -> None:
    """Replace a piece of the SQL that a function writes."""
    original = getattr(owner, name)

    def wrong(*arguments: Any, **named: Any) -> str:
        return original(*arguments, **named).replace(old, new)

    patch.setattr(owner, name, wrong)


def always(value: object) -> Callable[..., Any]:
    def answer(*_: object) -> Any:
        return value

    return answer


@fault
def ownership_is_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(writer.SqlWriter, "ownership", always("true"))


@fault
def a_reference_shows_what_the_viewer_does_not_own(patch: pytest.MonkeyPatch) -> None:
    original = writer.SqlWriter._referenced

    def wrong(self: Any, *arguments: Any) -> str:
        with patch.context() as inside:
            inside.setattr(writer.SqlWriter, "ownership", always("true"))
            return original(self, *arguments)

    patch.setattr(writer.SqlWriter, "_referenced", wrong)


@fault
def a_reference_goes_by_its_key_only(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, writer.SqlWriter, "_referenced", " IN (", " NOT IN ('', ")


@fault
def policies_of_children_are_dropped(patch: pytest.MonkeyPatch) -> None:
    for module in (writer, pages):
        patch.setattr(module, "policy_sql", always(""))


@fault
def policies_of_aggregates_are_dropped(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(expressions, "policy_sql", always(""))


@fault
def policies_of_nodes_are_dropped(patch: pytest.MonkeyPatch) -> None:
    original = writer.SqlWriter.ownership

    def wrong(self: Any, *arguments: Any) -> str:
        with patch.context() as inside:
            inside.setattr(writer, "policy_sql", always(""))
            return original(self, *arguments)

    patch.setattr(writer.SqlWriter, "ownership", wrong)


@fault
def ownership_stops_one_step_early(patch: pytest.MonkeyPatch) -> None:
    original = conditions.ownership_condition

    def wrong(model: Any, path: str, alias: str, viewer: str) -> str:
        return "true" if "__" in path else original(model, path, alias, viewer)

    patch.setattr(writer, "ownership_condition", wrong)


@fault
def a_gate_is_open_on_the_way(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conditions, "gate_of", always(()))


@fault
def an_aggregate_counts_what_its_gate_shuts_out(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(expressions, "gate_of", always(()))


@fault
def an_id_of_another_type_finds_the_same_key(patch: pytest.MonkeyPatch) -> None:
    original = ids.key_of

    def wrong(public: object, prefix: str | None = None) -> Any:
        return original(public)

    patch.setattr(roots.ids, "key_of", wrong)


@fault
def nodes_come_in_any_order(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, roots, "_by_ids", "ORDER BY requested.place", "ORDER BY objects.item::text")


@fault
def a_page_is_one_short(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, pages._PageSql, "_page", "LIMIT $", "LIMIT -1 + $")


@fault
def a_page_is_one_long(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, pages._PageSql, "_page", "LIMIT $", "LIMIT 1 + $")


@fault
def a_full_page_says_there_is_more(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, pages._PageSql, "_info", "count(*) >", "count(*) >=")


@fault
def a_cursor_s_own_row_comes_again(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, pages._PageSql, "_beyond", ") < (", ") <= (")
    rewrite(patch, pages._PageSql, "_beyond", ") > (", ") >= (")


@fault
def a_cursor_forgets_the_key(patch: pytest.MonkeyPatch) -> None:
    original = pages._PageSql._beyond

    def wrong(page: Any, side: str) -> str:
        key = page.scope.column(KEY)
        return original(page, side).replace(f", {key})", ", NULL::uuid)")

    patch.setattr(pages._PageSql, "_beyond", wrong)


@fault
def the_last_come_backwards(patch: pytest.MonkeyPatch) -> None:
    original = pages._PageSql._order

    def wrong(page: Any, *, backward: bool = False) -> str:
        return original(page, backward=backward or page.backward)

    patch.setattr(pages._PageSql, "_order", wrong)


@fault
def the_last_keep_the_row_too_many(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, pages._PageSql, "_page", "- $", "- 1 - $")


@fault
def the_whole_is_as_long_as_the_page(patch: pytest.MonkeyPatch) -> None:
    original = pages._PageSql.part

    def wrong(page: Any, field: Any) -> str:
        counted = field.name == "totalCount"
        return f"(SELECT count(*) FROM {page.name})" if counted else original(page, field)

    patch.setattr(pages._PageSql, "part", wrong)


@fault
def equals_are_in_any_order(patch: pytest.MonkeyPatch) -> None:
    original = conditions.total_order

    def wrong(by: tuple[str, ...]) -> Any:
        return tuple((n, falls is not (n == KEY)) for n, falls in original(by))

    patch.setattr(conditions, "total_order", wrong)


@fault
def the_order_is_turned(patch: pytest.MonkeyPatch) -> None:
    original = conditions.total_order

    def wrong(by: tuple[str, ...]) -> Any:
        return tuple((name, not falls) for name, falls in original(by))

    patch.setattr(conditions, "total_order", wrong)


@fault
def an_empty_list_is_null(patch: pytest.MonkeyPatch) -> None:
    for module in (writer, roots, pages):
        rewrite(patch, module, "json_list", ", '[]')", ", NULL)")


@fault
def null_is_an_empty_object(patch: pytest.MonkeyPatch) -> None:
    original = statement.json_object

    def wrong(select: str) -> str:
        return f"coalesce({original(select)}, '{{}}'::json)"

    patch.setattr(writer, "json_object", wrong)


@fault
def money_is_ten_times_as_much(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(scalars._SQL, "Money", "({}*0.1)::text")


@fault
def a_decimal_goes_through_a_float(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(scalars._SQL, "Quantity", "({}::float8)::text")


@fault
def a_moment_has_six_decimals(patch: pytest.MonkeyPatch) -> None:
    wire = scalars._SQL["DateTime"]
    patch.setitem(scalars._SQL, "DateTime", wire.replace(".MS", ".US"))


@fault
def a_derived_field_gets_a_rounded_decimal(patch: pytest.MonkeyPatch) -> None:
    rewrite(patch, writer, "_exact_column", "::text", "::int")


@fault
def skip_is_lost(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(selection.Selector, "_is_included", always(True))


@fault
def include_is_taken_for_skip(patch: pytest.MonkeyPatch) -> None:
    original = selection.Selector._is_included

    def wrong(self: Any, node: Any) -> bool:
        return original(self, node) is not bool(node.directives)

    patch.setattr(selection.Selector, "_is_included", wrong)


@fault
def a_repeated_field_is_taken_once(patch: pytest.MonkeyPatch) -> None:
    original = selection.Selector.field

    def wrong(self: Any, parent: Any, key: str, nodes: list[Any]) -> Any:
        return original(self, parent, key, nodes[:1])

    patch.setattr(selection.Selector, "field", wrong)


@fault
def an_interface_s_fragment_applies_to_none(patch: pytest.MonkeyPatch) -> None:
    original = selection.Selector._applies

    def wrong(self: Any, condition: Any, parent: Any) -> bool:
        node = condition is not None and condition.name.value == "Node"
        return not node and original(self, condition, parent)

    patch.setattr(selection.Selector, "_applies", wrong)


@fault
def an_alias_is_the_field_s_name(patch: pytest.MonkeyPatch) -> None:
    def wrong(field: selection.SelectedField) -> str:
        return field.name

    patch.setattr(statement, "_name", wrong)


@fault
def a_demand_is_lost(patch: pytest.MonkeyPatch) -> None:
    for module in (writer, pages):
        patch.setattr(module, "filter_conditions", always(""))


@fault
def a_demand_leaves_out_the_border(patch: pytest.MonkeyPatch) -> None:
    for module in (writer, pages):
        rewrite(patch, module, "filter_conditions", ">=", ">")


@fault
def a_declared_condition_is_lost(patch: pytest.MonkeyPatch) -> None:
    for module in (writer, roots, pages):
        patch.setattr(module, "where_sql", always(""))


@fault
def how_many_is_one_more(patch: pytest.MonkeyPatch) -> None:
    original = writer.connections.page_size

    def wrong(value: object) -> int:
        return min(original(value) + 1, 100)

    patch.setattr(writer.connections, "page_size", wrong)


@fault
def today_is_yesterday(patch: pytest.MonkeyPatch) -> None:
    original = writer.SqlWriter._placeholder_sql

    def wrong(self: Any, name: str) -> str | None:
        text = original(self, name)
        return f"({text} - 1)" if name == "today" else text

    patch.setattr(writer.SqlWriter, "_placeholder_sql", wrong)


@fault
def a_path_is_followed_from_another_row(patch: pytest.MonkeyPatch) -> None:
    original = statement.Scope.column

    def wrong(self: Any, name: str) -> str:
        text = original(self, name)
        return text.replace(f"= {self.alias}.", f"<> {self.alias}.") if "__" in name else text

    patch.setattr(statement.Scope, "column", wrong)


@fault
def the_halves_follow_each_other(patch: pytest.MonkeyPatch) -> None:
    def wrong(self: Split, planned: bytes, resolved: ExecutionResult) -> ExecutionResult:
        if resolved.data is None:
            return resolved
        return ExecutionResult({**orjson.loads(planned), **resolved.data}, resolved.errors)

    patch.setattr(Split, "merge", wrong)


@fault
def a_null_leaves_the_other_half(patch: pytest.MonkeyPatch) -> None:
    original = Split.merge

    def wrong(self: Split, planned: bytes, resolved: ExecutionResult) -> ExecutionResult:
        if resolved.data is None:
            return ExecutionResult(orjson.loads(planned), resolved.errors)
        return original(self, planned, resolved)

    patch.setattr(Split, "merge", wrong)


@fault
def errors_of_resolvers_are_lost(patch: pytest.MonkeyPatch) -> None:
    original = Split.merge

    def wrong(self: Split, planned: bytes, resolved: ExecutionResult) -> ExecutionResult:
        return ExecutionResult(original(self, planned, resolved).data)

    patch.setattr(Split, "merge", wrong)
