"""`LK_FILES_URL`: which store keeps the files.

    file:///var/lib/lk/files
    s3://key:secret@s3.example.com/bucket?region=ru-central1
    s3+http://key:secret@127.0.0.1:9000/bucket

The last one is for a store on this machine or behind a tunnel: everything goes in clear text.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from obstore.store import LocalStore, MemoryStore, S3Store

from lk_graphql.ports.files.object_store import Files, ObjectStoreFiles

_SECONDS = "60s"
"""For one request to the store, which carries at most a part of 5 MB."""


def open_files(url: str) -> Files:
    """Raises ValueError, which doesn't quote the address; a folder is made if it is missing."""
    scheme = urlsplit(url).scheme
    if scheme == "file":
        return in_folder(Path(unquote(urlsplit(url).path)))
    if scheme in {"s3", "s3+http"}:
        return _bucket(url)
    raise ValueError("Files are kept at file:///folder or s3://key:secret@host/bucket")


def in_folder(folder: Path) -> Files:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ObjectStoreFiles(LocalStore(folder))


def in_memory() -> Files:
    """The twin for tests."""
    return ObjectStoreFiles(MemoryStore())


def _bucket(url: str) -> Files:
    address = urlsplit(url)
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    bucket, _, prefix = address.path.strip("/").partition("/")
    known = address.hostname and bucket and address.username and address.password
    if not known or options.keys() - {"region"}:
        raise ValueError("A bucket's address looks like s3://key:secret@host/bucket?region=ru-1")
    region = options.get("region", "us-east-1")  # what stores that know no regions expect
    return _opened_bucket(address, bucket, prefix, region)


def _opened_bucket(address: SplitResult, bucket: str, prefix: str, region: str) -> Files:
    is_plain = address.scheme == "s3+http"
    host = address.netloc.rpartition("@")[2]
    store = S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{'http' if is_plain else 'https'}://{host}",
        access_key_id=unquote(address.username or ""),
        secret_access_key=unquote(address.password or ""),
        region=region,
        virtual_hosted_style_request=False,
        client_options={"allow_http": is_plain, "timeout": _SECONDS},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )
    return ObjectStoreFiles(store)
