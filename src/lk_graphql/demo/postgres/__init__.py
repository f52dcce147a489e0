"""An embedded PostgreSQL for the demo and the tests, from a wheel.

    with embedded(Path(".lk/postgres")) as dsn: ...     # the data is kept
    with temporary() as dsn: ...                        # the data is removed

The server runs until the end of the block, in its own session, because Ctrl-C reaches a whole
process group. If the parent is killed, a guard process stops the server: it waits for the end of a
pipe that only the parent holds open. If the guard is killed too, the next start finds the server by
the lock that it holds, and stops it.
"""

import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

from lk_graphql.demo.postgres import installation, locks, server
from lk_graphql.demo.postgres.installation import PostgresFailed

__all__ = ["PostgresFailed", "embedded", "erase", "temporary"]


@contextmanager
def embedded(folder: Path, *, durable: bool = True, scrap: Path | None = None) -> Generator[str]:
    """Run PostgreSQL on the data in `folder`, created if missing; yield the DSN of `postgres`.

    `scrap` is removed at the end, even if this process is killed. Raises `PostgresFailed` if
    another running process uses the folder, or if PostgreSQL doesn't start.
    """
    folder = folder.expanduser().resolve()
    leftovers = [scrap] if scrap else []
    with ExitStack() as stack:
        stack.callback(_remove, leftovers)
        stack.enter_context(locks.exclusive(folder))
        running = stack.enter_context(locks.none_running(folder))
        owner = installation.owner_of(folder)
        if not (folder / "PG_VERSION").exists():
            server.create(folder, owner, durable=durable)
        socket = server.socket_folder(folder, owner)
        if socket != folder:
            leftovers.append(socket)
        guard = stack.enter_context(server.guard(leftovers))
        postgres = server.start(folder, socket, owner, durable=durable, running=running.fileno())
        stack.callback(server.stop, postgres)
        guard.write(f"{postgres.pid}\n".encode())
        server.wait_until_ready(postgres, folder)
        yield f"postgresql://postgres@/postgres?host={quote(str(socket))}"


@contextmanager
def temporary(parent: Path | None = None) -> Generator[str]:
    """Like `embedded`, on temporary data in `parent`: faster, and removed at the end."""
    scrap = Path(tempfile.mkdtemp(prefix="lk-", dir=parent))
    with embedded(scrap / "postgres", durable=False, scrap=scrap) as dsn:
        yield dsn


def erase(folder: Path) -> None:
    """Delete the data. Raises `PostgresFailed` if another process uses it."""
    folder = folder.expanduser().resolve()
    with locks.exclusive(folder), locks.none_running(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
