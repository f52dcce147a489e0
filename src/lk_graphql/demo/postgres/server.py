"""The server process: creation of the cluster, start, stop, and the guard process."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from lk_graphql.demo.postgres.installation import PROGRAMS, PostgresFailed, SystemAccount, own

MAX_SOCKET_PATH = 103  # bytes, the limit of macOS; that of Linux is 107
TIMEOUT = 60.0  # seconds for a start (including crash recovery) or a stop
DEFAULT_OPTIONS = ("listen_addresses=", "port=5432", "max_connections=200")
NOT_DURABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")

GUARD = """
trap '' INT TERM HUP
while read -r word; do
    [ "$word" = farewell ] && exit
    server=$word
done
# the end of the pipe, without a farewell
tries=0
if [ -n "$server" ] && kill -INT "$server"; then
    while kill -0 "$server" && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
fi
rm -rf -- "$@"
"""


def create(folder: Path, account: SystemAccount, *, durable: bool) -> None:
    """Create an empty database cluster; an interrupted creation leaves no partial cluster."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    own(draft, account)
    # PostgreSQL's own locale, because ICU and system locales differ between machines
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", *locale]
    if not durable:
        options.append("--no-sync")
    with _log(folder).open("wb") as log:
        initdb = _launch(["initdb", "-D", str(draft), *options], account, log)
    if initdb.wait():
        raise PostgresFailed(f"PostgreSQL can't create {folder}:\n{_log_tail(folder)}")
    draft.rename(folder)


def socket_folder(folder: Path, account: SystemAccount) -> Path:
    """The data folder, unless its path is longer than the system allows for a socket."""
    if len(os.fsencode(folder / ".s.PGSQL.5432")) <= MAX_SOCKET_PATH:
        return folder
    short = Path(tempfile.mkdtemp(prefix="lk-", dir="/tmp"))  # TMPDIR may be just as long
    own(short, account)
    return short


def start(
    folder: Path, socket: Path, account: SystemAccount, *, durable: bool, running: int
) -> subprocess.Popen[bytes]:
    """Start the server; `running` is the lock that all its processes hold."""
    settings = [
        *DEFAULT_OPTIONS,
        f'unix_socket_directories="{socket}"',
        *(() if durable else NOT_DURABLE),
    ]
    options = [word for setting in settings for word in ("-c", setting)]
    with _log(folder).open("wb") as log:
        return _launch(["postgres", "-D", str(folder), *options], account, log, keep=running)


def wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> None:
    pid_file = folder / "postmaster.pid"
    end = time.monotonic() + TIMEOUT
    while server.poll() is None and time.monotonic() < end:
        with suppress(FileNotFoundError):
            if pid_file.read_text().split()[-1:] == ["ready"]:
                return
        time.sleep(0.01)
    raise PostgresFailed(f"PostgreSQL doesn't start on {folder}:\n{_log_tail(folder)}")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Stop with a fast shutdown, or with an immediate one after a minute."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


@contextmanager
def guard(scrap: list[Path]) -> Generator[IO[bytes]]:
    """A process that stops the server and removes `scrap` if this process is killed.

    The guard starts before the server, reads the server's process id from its pipe, and waits for
    `farewell` or the end of the pipe.
    """
    process = subprocess.Popen(  # noqa: S603 - the script above
        ["/bin/sh", "-c", GUARD, "guard", *map(str, scrap)],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    assert process.stdin  # noqa: S101 - because of PIPE
    with process:
        try:
            yield process.stdin
        finally:
            with suppress(BrokenPipeError):  # the guard was killed
                process.stdin.write(b"farewell\n")


def _launch(
    command: list[str], account: SystemAccount, log: IO[bytes], *, keep: int | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - programs of the wheel
        [PROGRAMS / command[0], *command[1:]],
        cwd="/",
        env={"LC_ALL": "C"},  # without variables such as PGPORT and PGOPTIONS
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        pass_fds=() if keep is None else (keep,),
        start_new_session=True,
    )


def _log(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.log")


def _log_tail(folder: Path) -> str:
    return "\n".join(_log(folder).read_text(errors="replace").splitlines()[-10:])
