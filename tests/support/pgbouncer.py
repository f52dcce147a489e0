"""PgBouncer with its sample configuration in `deploy/`, other addresses and pool modes."""

import os
import re
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which
from socket import create_connection
from tempfile import TemporaryDirectory

import pytest

from lk_graphql.demo.postgres import installation
from lk_graphql.kit.database_url import Pooling
from tests.database.servers import socket_of
from tests.support.proxies import DEPLOY
from tests.support.sandbox_acquirer import free_port

KEEPS_STATEMENTS = (1, 21)
"""The first version that keeps prepared statements in transaction mode."""
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def program() -> str:
    """The path of pgbouncer; skips the test without it."""
    path = which("pgbouncer", path=_PATH)
    if path is None:
        pytest.skip("pgbouncer isn't installed")
    return path


def version() -> tuple[int, int]:
    """The installed version; skips the test without one."""
    text = subprocess.run([program(), "--version"], check=True, capture_output=True, text=True)
    major, minor = re.findall(r"\d+", text.stdout)[:2]
    return int(major), int(minor)


@contextmanager
def pgbouncer(
    dsn: str, mode: Pooling, *, more: str = "", certificate: Path | None = None
) -> Generator[str]:
    """PgBouncer in front of a database of an embedded PostgreSQL; yields the address through it.

    `more` holds lines of its configuration; `certificate` is a file with a key and a certificate.
    """
    with TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap:
        folder, port = Path(scrap), free_port()
        owner = installation.owner_of(folder / "none")  # PgBouncer doesn't run as root either
        text = _configuration(folder, port, dsn, mode)
        if certificate:
            (folder / "tls.pem").write_text(certificate.read_text())
            text += "client_tls_sslmode = require\n"
            text += f"client_tls_key_file = {folder}/tls.pem\n"
            text += f"client_tls_cert_file = {folder}/tls.pem\n"
        (folder / "pgbouncer.ini").write_text(text + more)
        (folder / "userlist.txt").write_text('"postgres" ""\n"lk" ""\n')
        for path in (folder, *folder.iterdir()):
            if owner:
                os.chown(path, owner.pw_uid, owner.pw_gid)
        command = [program(), "-q", f"{folder}/pgbouncer.ini"]
        with (
            (folder / "output").open("w") as output,
            subprocess.Popen(
                command,
                stdout=output,
                stderr=output,
                user=owner.pw_uid if owner else None,
                group=owner.pw_gid if owner else None,
                extra_groups=[] if owner else None,
            ) as process,
        ):
            try:
                _wait_until_it_listens(process, port, folder / "output")
                yield f"postgresql://postgres@localhost:{port}/lk"
            finally:
                process.kill()


def _configuration(folder: Path, port: int, dsn: str, mode: Pooling) -> str:
    name = dsn.partition("?")[0].rpartition("/")[2]
    changes = {
        "lk = host=127.0.0.1 port=5432 dbname=lk": f"lk = host={socket_of(dsn)} dbname={name}",
        "listen_port = 6432": f"listen_port = {port}",
        "pool_mode = transaction": f"pool_mode = {mode}",
        "auth_type = scram-sha-256": "auth_type = trust",
        "/etc/pgbouncer/userlist.txt": f"{folder}/userlist.txt",
        "/var/run/postgresql": str(folder),
        "/var/log/postgresql": str(folder),
    }
    if version() < KEEPS_STATEMENTS:
        changes["max_prepared_statements = 200\n"] = ""
    text = (DEPLOY / "pgbouncer.ini").read_text()
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int, output: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline
        with suppress(OSError), create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
