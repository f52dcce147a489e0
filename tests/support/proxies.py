"""nginx and HAProxy with the samples in `deploy/`; only ports, paths and timeouts differ."""

import os
import re
import ssl
import subprocess
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from socket import create_connection

import pytest

from tests.support.sandbox_acquirer import free_port

DEPLOY = Path(__file__).parents[2] / "deploy"
HOST = "lk.example.com"
HEAD_SECONDS = 3


@dataclass(frozen=True)
class Proxy:
    """A running proxy: its ports, and how to trust its certificate."""

    plain: int
    tls: int
    trust: ssl.SSLContext


def program(name: str) -> str:
    """The path of a proxy's program; skips the test without it."""
    path = which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if path is None:
        pytest.skip(f"{name} isn't installed")
    return path


@contextmanager
def nginx(folder: Path, *servers: int) -> Generator[Proxy]:
    """Nginx in front of `lk serve` at these ports."""
    plain, tls = free_port(), free_port()
    certificate = _certificate(folder)
    site = _changed(
        "nginx.conf",
        {
            r"(?m)^ *listen \[::\].*\n": "",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ": f"listen 127.0.0.1:{tls} ",
            "/etc/nginx/lk.pem": str(certificate.with_suffix(".crt")),
            "/etc/nginx/lk.key": str(certificate.with_suffix(".key")),
            "client_header_timeout 10s": f"client_header_timeout {HEAD_SECONDS}s",
        },
        servers,
    )
    (folder / "lk.conf").write_text(site)
    paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    scratch = " ".join(f"{name}_temp_path {folder}/{name};" for name in paths)
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ {scratch} include {folder}/lk.conf; }}\n"
    )
    command = [program("nginx"), "-e", f"{folder}/start.log", "-c", str(main)]
    with _running(command, folder, Proxy(plain, tls, _trust(certificate))) as proxy:
        yield proxy


@contextmanager
def haproxy(folder: Path, *servers: int) -> Generator[Proxy]:
    """HAProxy in front of `lk serve` at these ports."""
    plain, tls = free_port(), free_port()
    certificate = _certificate(folder)
    text = _changed(
        "haproxy.cfg",
        {
            "bind :80\n": f"bind 127.0.0.1:{plain}\n",
            "bind :443 ": f"bind 127.0.0.1:{tls} ",
            "/etc/haproxy/lk.pem": str(certificate),
            "timeout http-request 10s": f"timeout http-request {HEAD_SECONDS}s",
        },
        servers,
    )
    (folder / "haproxy.cfg").write_text(text)
    command = [program("haproxy"), "-q", "-f", str(folder / "haproxy.cfg")]
    with _running(command, folder, Proxy(plain, tls, _trust(certificate))) as proxy:
        yield proxy


PROXIES: Mapping[str, Callable[..., AbstractContextManager[Proxy]]] = {
    "nginx": nginx,
    "haproxy": haproxy,
}


def _changed(name: str, changes: Mapping[str, str], servers: tuple[int, ...]) -> str:
    """A sample with `changes`, which must all match, and with lines for these servers."""
    text = (DEPLOY / name).read_text()
    for old, new in changes.items():
        pattern = old if old.startswith("(?m)") else re.escape(old)
        text, found = re.subn(pattern, lambda _, new=new: new, text)
        assert found, old
    lines: list[str] = []
    for line in text.splitlines():
        if "127.0.0.1:8001" in line:
            lines += [
                line.replace("8001", str(port)).replace("api1", f"api{number}")
                for number, port in enumerate(servers, 1)
            ]
        elif "127.0.0.1:8002" not in line:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _certificate(folder: Path) -> Path:
    """A self-signed certificate and its key, in one file and in two separate files."""
    pem = folder / "lk.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"),
            *("-keyout", str(pem.with_suffix(".key")), "-out", str(pem.with_suffix(".crt"))),
        ],
        check=True,
        capture_output=True,
    )
    pem.write_text(pem.with_suffix(".crt").read_text() + pem.with_suffix(".key").read_text())
    return pem


def _trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.with_suffix(".crt")))


@contextmanager
def _running(command: list[str], folder: Path, proxy: Proxy) -> Generator[Proxy]:
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + 10
        while not _listens(proxy.tls):
            assert process.poll() is None, (folder / "output").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield proxy
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with suppress(OSError), create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
