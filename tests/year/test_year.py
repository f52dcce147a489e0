"""Three seeds of the year; `make year` plays more."""

import os
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue

import pytest

from tests.support.cli_process import lk
from tests.support.seeds import seeds_in

from .installation import Template, prepared
from .run import Played, play_one

SEEDS = (1, 2, 3)


@pytest.fixture(scope="session")
def template(server: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The database that seeds begin with, made by commands that need not import anything."""

    def run(*words: str, **variables: str) -> str:
        done = lk(*words, **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout

    name = f"year_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    return prepared(server, tmp_path_factory.mktemp("year"), name, run)


@pytest.mark.parametrize("seed", SEEDS)
def test_customers_and_staff_see_the_values_of_the_model(template: Template, seed: int):
    played = play_aside(template, seed)

    assert ([line for _, line, _ in played.violations], played.crash) == ([], "")
    assert sum(played.events.values()) > 130


def play_aside(template: Template, seed: int) -> Played:
    """Play a seed in a process of its own: this one has the suite's application open."""
    context = get_context("forkserver")
    played: SimpleQueue[Played] = context.SimpleQueue()
    process = context.Process(target=_play, args=(template, seed, played))
    process.start()
    try:
        return played.get()
    finally:
        process.join()


def _play(template: Template, seed: int, played: "SimpleQueue[Played]") -> None:
    played.put(play_one(template, seed, "tests"))


@pytest.mark.parametrize(("text", "seeds"), [("3", [1, 2, 3]), ("5..6", [5, 6]), ("4..4", [4])])
def test_seeds_are_a_number_or_a_range(text: str, seeds: list[int]):
    assert [*seeds_in(text)] == seeds
