"""Reproducible random numbers and keys."""

from datetime import date
from itertools import pairwise

from lk_graphql.demo.data.rng import Keys, seeded_random

DAY = date(2026, 11, 22)


def test_dice_depend_on_their_subject_only():
    assert seeded_random("usage", 7).random() == seeded_random("usage", 7).random()
    assert seeded_random("usage", 7).random() != seeded_random("usage", 71).random()


def test_keys_are_version_7_and_grow_with_days_and_within_one():
    keys = Keys("account", 1)

    ids = [keys.new(day) for day in (date(1999, 12, 31), DAY, DAY, DAY)]

    assert {key.version for key in ids} == {7}
    assert all(earlier < later for earlier, later in pairwise(ids))
    assert ids[0] == Keys("account", 1).new(date(1999, 12, 31))
