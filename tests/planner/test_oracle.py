"""Both paths against what plain Python says of the rows."""

from tests.planner.mini_engine import Paths
from tests.planner.mini_rows import World
from tests.planner.oracle import ASKED, as_json, told


def test_both_say_what_the_rows_say(paths: Paths, world: World):
    for token in [*world.tokens, "nobody's"]:
        answer = paths.both(paths.call(ASKED, token))
        assert as_json(answer) == as_json(paths.run(told(world, token)))
