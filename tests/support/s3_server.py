"""An S3 server with one bucket: moto, in a separate process."""

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
    """The objects of a bucket, over plain HTTP, for which moto requires no signature.

    `verify=False` saves loading the certificates of all authorities.
    """

    def __init__(self, host: str, name: str) -> None:
        self.url = f"s3+http://key:secret@{host}/{name}"
        self._http = f"http://{host}/{name}"

    def create(self) -> None:
        """Create the bucket as soon as the server listens."""
        for _ in range(100):
            with suppress(httpx.TransportError):
                httpx.put(self._http, verify=False).raise_for_status()
                return
            time.sleep(0.1)
        raise TimeoutError("moto does not answer")

    def listed(self) -> list[str]:
        return self._keys("?list-type=2", "Contents")

    def unfinished(self) -> list[str]:
        """Keys of multipart uploads that are neither completed nor aborted."""
        return self._keys("?uploads", "Upload")

    def _keys(self, query: str, element: str) -> list[str]:
        document = fromstring(httpx.get(self._http + query, verify=False).text)
        return [str(item.findtext("{*}Key")) for item in document.iterfind(f".//{{*}}{element}")]


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
