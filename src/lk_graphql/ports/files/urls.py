"""`LK_FILES_URL`: the store of files.

    file:///var/lib/lk/files
    s3://key:secret@s3.example.com/bucket?region=ru-central1
    s3+http://key:secret@127.0.0.1:9000/bucket

The last form is without TLS, for a store on this machine or behind a tunnel.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote

from obstore.store import LocalStore, MemoryStore, S3Store

from lk_graphql.kit.service_urls import divided
from lk_graphql.ports.files.object_store import Files, ObjectStoreFiles

_TIMEOUT = "60s"
"""The time limit of one request to the store, which has at most one part of 5 MB."""


def open_files(url: str) -> Files:
    """Open a store; a missing folder is created. Raises ValueError without quoting the URL."""
    address = divided(url)
    if address.scheme == "file":
        return in_folder(Path(unquote(address.path)))
    if address.scheme in {"s3", "s3+http"}:
        return _bucket(address)
    raise ValueError("Files are kept at file:///folder or s3://key:secret@host/bucket")


def in_folder(folder: Path) -> Files:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return ObjectStoreFiles(LocalStore(folder))


def in_memory() -> Files:
    """The store of tests."""
    return ObjectStoreFiles(MemoryStore())


def _bucket(address: SplitResult) -> Files:
    options = {name: values[-1] for name, values in parse_qs(address.query).items()}
    bucket, _, prefix = address.path.strip("/").partition("/")
    is_complete = all((address.hostname, bucket, address.username, address.password))
    if not is_complete or options.keys() - {"region"}:
        raise ValueError("A bucket's address looks like s3://key:secret@host/bucket?region=ru-1")
    region = options.get("region", "us-east-1")  # expected by stores without regions
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
        client_options={"allow_http": is_plain, "timeout": _TIMEOUT},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=20)},
    )
    return ObjectStoreFiles(store)
