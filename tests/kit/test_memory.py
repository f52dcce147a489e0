"""What is kept of what was found, by weight."""

from weakref import WeakSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.memory import remembering


class Thing:
    """Weighs what its name says."""

    def __init__(self, name: int) -> None:
        self.name = name


def weight(_: int, thing: Thing) -> int:
    return thing.name


def no_weight(_: int, _found: object) -> int:
    return 0


def test_what_is_known_is_found_once():
    found = remembering(Thing, weight, most=100)
    assert found(3) is found(3)
    assert found(4).name == 4


def test_nothing_is_found_once_too():
    asked: list[int] = []

    def find(name: int) -> None:
        asked.append(name)

    found = remembering(find, no_weight, most=100)
    found(3)
    found(3)
    assert asked == [3]


def test_what_is_raised_is_asked_again():
    texts = iter(["three", "3"])

    def find(_: int) -> int:
        return int(next(texts))

    found = remembering(find, no_weight, most=100)
    with pytest.raises(ValueError, match="three"):
        found(3)
    assert (found(3), found(3)) == (3, 3)


def test_what_is_asked_for_all_the_time_stays():
    found = remembering(Thing, weight, most=100)
    favourite = found(7)
    for name in range(8, 40):
        found(name)
        assert found(7) is favourite
    assert found(8) is found(8)


def test_what_nobody_asks_for_is_forgotten():
    found = remembering(Thing, weight, most=100)
    first = found(7)
    for name in range(8, 16):
        found(name)
    assert found(7) is not first


@given(st.lists(st.integers(min_value=1, max_value=40)), st.integers(min_value=80, max_value=200))
def test_nothing_makes_it_heavier_than_it_may_be(asked: list[int], most: int):
    alive = WeakSet[Thing]()

    def find(name: int) -> Thing:
        alive.add(thing := Thing(name))
        return thing

    found = remembering(find, weight, most)
    for name in asked:
        assert found(name).name == name
        assert name <= sum(thing.name for thing in alive) <= most
