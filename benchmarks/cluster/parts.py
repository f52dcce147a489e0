"""The parts around the databases and `lk`: etcd, HAProxy by its samples, Redis."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from socket import create_server

from benchmarks.cluster.network import HOME, NODES
from benchmarks.faults.faults import Skipped
from benchmarks.faults.system import Program

DEPLOY = Path(__file__).parents[2] / "deploy"
_PACKAGES = {
    "etcd": "etcd-server",
    "haproxy": "haproxy",
    "redis-server": "redis-server",
    "setpriv": "util-linux",
    "openssl": "openssl",
}
"""Debian's and Ubuntu's package of each program."""
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C"}


def stable_port(rng: Random) -> int:
    """A free port that no outgoing connection takes while its server is being restarted."""
    while True:
        port = rng.randrange(20_000, 30_000)
        with suppress(OSError), create_server(("127.0.0.1", port)):
            return port


def require_programs() -> None:
    """Raises `Skipped` with the packages to install."""
    missing = [name for name in _PACKAGES if shutil.which(name, path=_PATH) is None]
    if missing:
        packages = " ".join(_PACKAGES[name] for name in missing)
        raise Skipped(f"{', '.join(missing)} isn't installed; on Debian: apt install {packages}")


def etcd(folder: Path) -> Program:
    """One member, which Patroni's sample finds at port 2379."""
    client, peer = f"http://{HOME}:2379", f"http://{HOME}:2380"
    words = (
        *("etcd", "--name=etcd1", f"--data-dir={folder}/etcd"),
        *(f"--listen-client-urls={client}", f"--advertise-client-urls={client}"),
        *(f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"),
        f"--initial-cluster=etcd1={peer}",
    )
    return Program(words, folder / "etcd.log", _ENVIRONMENT)


def redis(folder: Path, port: int) -> Program:
    options = ("--save", "", "--appendonly", "no", "--bind", "127.0.0.1")
    words = ("redis-server", "--port", str(port), *options)
    return Program(words, folder / "redis.log", _ENVIRONMENT)


def haproxy(folder: Path, tls: int, plain: int, database: int, servers: tuple[int, int]) -> Program:
    """HAProxy before `lk serve` (by TLS; plain for callbacks) and before PostgreSQL."""
    certificate = _certificate(folder)
    site = _changed(
        "haproxy.cfg",
        {
            "    bind :80\n": f"    bind 127.0.0.1:{plain}\n",
            "bind :443 ": f"bind 127.0.0.1:{tls} ",
            "/etc/haproxy/lk.pem": str(certificate),
            "127.0.0.1:8001": f"127.0.0.1:{servers[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{servers[1]}",
        },
    )
    # callbacks come without TLS, and clients name addresses of their own: limits count by address
    left_out = ("redirect scheme", "set-header X-Forwarded-For")
    lines = [line for line in site.splitlines() if not any(word in line for word in left_out)]
    (folder / "haproxy.cfg").write_text("\n".join(lines) + "\n")
    addresses = dict(zip(("10.0.0.11", "10.0.0.12"), NODES.values(), strict=True))
    databases = _changed(
        "haproxy-patroni.cfg", {"bind 127.0.0.1:5432": f"bind 127.0.0.1:{database}", **addresses}
    )
    (folder / "haproxy-patroni.cfg").write_text(databases)
    files = ("-f", f"{folder}/haproxy.cfg", "-f", f"{folder}/haproxy-patroni.cfg")
    return Program(("haproxy", "-db", *files), folder / "haproxy.log", _ENVIRONMENT)


def _changed(name: str, changes: Mapping[str, str]) -> str:
    text = (DEPLOY / name).read_text()
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"deploy/{name} has no {old}")
        text = text.replace(old, new)
    return text


def _certificate(folder: Path) -> Path:
    """A self-signed certificate with its key."""
    pem, key, crt = (folder / f"lk.{suffix}" for suffix in ("pem", "key", "crt"))
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=lk.example.com", "-keyout", str(key), "-out", str(crt)),
        ],
        check=True,
        capture_output=True,
    )
    pem.write_text(crt.read_text() + key.read_text())
    return pem
