"""The clock of whole processes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .faketime import NoFaketime, SharedClock, library


def test_without_the_library_the_error_has_the_command_to_install_it():
    with pytest.raises(NoFaketime, match="libfaketime isn't installed: apt-get install faketime"):
        library(())


def test_a_shared_clock_writes_its_offset_for_other_processes(tmp_path: Path):
    clock = SharedClock(tmp_path / "time", Path("library.so"))
    began = datetime.now(UTC)

    clock.now = began - timedelta(days=100)

    assert float((tmp_path / "time").read_text()) == pytest.approx(-8_640_000, abs=60)
    assert timedelta(0) <= clock.now - (began - timedelta(days=100)) < timedelta(minutes=1)
    assert clock.variables["FAKETIME_TIMESTAMP_FILE"] == str(tmp_path / "time")
