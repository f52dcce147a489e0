"""The table of mends that the year finds when they are undone."""

import pytest

from .mends import MENDS, Mend
from .run import ROOT
from .undone import without


@pytest.mark.parametrize("mend", MENDS, ids=lambda mend: mend.name)
def test_the_text_of_a_mend_stands_once_in_its_file(mend: Mend):
    """Whoever rewrites it moves the row along; `python -m tests.year.undone` plays it."""
    text = (ROOT / mend.file).read_text("utf-8")
    undone = without(mend, text)
    assert undone != text
    if mend.file.endswith(".py"):
        compile(undone, mend.file, "exec")


def test_names_of_mends_are_different():
    assert len({mend.name for mend in MENDS}) == len(MENDS)
