"""Another time for whole processes, by libfaketime: `lk`, and a PostgreSQL below it.

All processes read one file, which says how far their time is from the real one. Clocks that only
measure (CLOCK_MONOTONIC), by which event loops wait, are left alone.
"""

import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from lk_graphql.demo.postgres import installation, server

from .deployment import YearClock

_PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")


class NoFaketime(Exception):
    """The library isn't there; the text says how to install it."""


class SharedClock(YearClock):
    """A clock for this process and all that have its `variables` in their environment.

    It runs; the driver moves it forward.
    """

    def __init__(self, file: Path, library: Path) -> None:
        super().__init__(datetime.now(UTC))
        self._file = file
        self.variables = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DISABLE_SHM": "1",
        }
        self._seconds = 0.0
        self._write()

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self._seconds, UTC)

    @now.setter
    def now(self, moment: datetime) -> None:
        self._seconds = round((moment - datetime.now(UTC)).total_seconds(), 3)
        self._write()

    def _write(self) -> None:
        """In one piece: another process may be reading."""
        draft = self._file.with_suffix(".draft")
        draft.write_text(f"{self._seconds:+.3f}\n")
        draft.chmod(0o644)
        draft.replace(self._file)


def library(places: Sequence[str] = _PLACES) -> Path:
    """The library, by patterns of its place. Raises `NoFaketime`."""
    found = [path for place in places for path in Path("/").glob(place.lstrip("/"))]
    if not found:
        raise NoFaketime("libfaketime isn't installed: apt-get install faketime (Debian).")
    return found[0]


@contextmanager
def shared_clock() -> Generator[SharedClock]:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as another user
        yield SharedClock(Path(folder, "time"), library())


@contextmanager
def postgres(clock: SharedClock) -> Generator[str]:
    """A PostgreSQL in the clock's time, on temporary data; a superuser's DSN."""
    with TemporaryDirectory(prefix="lk-") as folder:
        data = Path(folder, "postgres")
        owner = installation.owner_of(data)
        server.create(data, owner, durable=False)
        socket = server.socket_folder(data, owner)
        options = (
            *server.DEFAULT_OPTIONS,
            *server.NOT_DURABLE,
            f"unix_socket_directories={socket}",
        )
        process = subprocess.Popen(
            [
                installation.PROGRAMS / "postgres",
                "-D",
                data,
                *(word for option in options for word in ("-c", option)),
            ],
            cwd="/",
            env={"LC_ALL": "C"} | clock.variables,
            stderr=subprocess.DEVNULL,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            start_new_session=True,
        )
        try:
            server.wait_until_ready(process, data)
            yield f"postgresql://postgres@/postgres?host={quote(os.fspath(socket))}"
        finally:
            server.stop(process)
