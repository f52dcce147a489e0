"""Three seeds of the year; `make year` plays more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .run import seeds_in

ROOT = Path(__file__).parents[2]


@pytest.mark.year
def test_the_cabinet_shows_what_the_model_says():
    done = subprocess.run(
        [sys.executable, "-m", "tests.year.run", "1..3", "--again"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    events = re.search(r"3 seeds on \w+, ([\d,]+) events", done.stdout)
    assert events
    assert int(events[1].replace(",", "")) > 500


@pytest.mark.parametrize(("text", "seeds"), [("3", [1, 2, 3]), ("5..6", [5, 6]), ("4..4", [4])])
def test_seeds_are_a_number_or_a_range(text: str, seeds: list[int]):
    assert [*seeds_in(text)] == seeds
