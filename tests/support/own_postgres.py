"""A PostgreSQL of a test's own, to be stopped, frozen and started again."""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from lk_graphql.demo.postgres import embedded


@dataclass
class OwnPostgres:
    """A server on `folder`; its address doesn't change when it is started again."""

    folder: Path
    dsn: str = ""
    _running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        self.dsn = self._running.enter_context(embedded(self.folder, durable=False))

    def stop(self) -> None:
        """Stop with a fast shutdown, which ends all connections."""
        self._running.close()

    @contextmanager
    def stopped(self) -> Generator[None]:
        self.stop()
        yield
        self.start()

    @contextmanager
    def frozen(self) -> Generator[None]:
        """Let no process of the server run. Sockets stay open, and the kernel accepts more."""
        processes = self._processes()
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in reversed(processes):
                os.kill(process, signal.SIGCONT)

    def _processes(self) -> list[int]:
        """The postmaster, which would start others, and then its children."""
        postmaster = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
        os.kill(postmaster, signal.SIGSTOP)
        return [postmaster, *map(int, children.read_text().split())]


@contextmanager
def own_postgres() -> Generator[OwnPostgres]:
    with TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap:
        Path(scrap).chmod(0o755)  # the server runs under another account if the tests are root's
        postgres = OwnPostgres(Path(scrap, "postgres"))
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.stop()
