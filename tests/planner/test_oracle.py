"""Both paths against the oracle."""

from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows
from tests.planner.oracle import QUERY, as_json, expected_answer


def test_both_paths_answer_from_the_rows(both_paths: BothPaths, mini_rows: MiniRows):
    for token in [*mini_rows.tokens, "nobody's"]:
        answer = both_paths.both(both_paths.call(QUERY, token))
        assert as_json(answer) == as_json(both_paths.run(expected_answer(mini_rows, token)))
