"""A server that speaks S3, with one bucket: moto's, in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from socket import create_server
from xml.etree.ElementTree import fromstring

import httpx


class Bucket:
    """What lies in it, asked over plain HTTP: moto asks for no signature.

    Reading all authorities' certificates would take longer than to ask.
    """

    def __init__(self, host: str, name: str) -> None:
        self.url = f"s3+http://key:secret@{host}/{name}"
        self._http = f"http://{host}/{name}"

    def create(self) -> None:
        """As soon as the server listens."""
        for _ in range(100):
            with suppress(httpx.TransportError):
                httpx.put(self._http, verify=False).raise_for_status()
                return
            time.sleep(0.1)
        raise TimeoutError("moto does not answer")

    def listed(self) -> list[str]:
        return self._found("?list-type=2", "Contents")

    def unfinished(self) -> list[str]:
        """Multipart uploads that were begun and neither completed nor aborted."""
        return self._found("?uploads", "Upload")

    def _found(self, query: str, each: str) -> list[str]:
        found = fromstring(httpx.get(self._http + query, verify=False).text)
        return [str(item.findtext("{*}Key")) for item in found.iterfind(f".//{{*}}{each}")]


@contextmanager
def served_bucket(folder: Path) -> Generator[Bucket]:
    with create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", host.split(":")[1]]
    with (
        (folder / "moto").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as server,
    ):
        bucket = Bucket(host, "api")
        try:
            bucket.create()
            yield bucket
        finally:
            server.terminate()
