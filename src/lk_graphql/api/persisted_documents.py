"""Persisted documents, which clients refer to by SHA-256.

With Apollo's automatic persisted queries, a client sends the text once, then only its hash. The
trusted documents are a list that the client's build writes, and those of the server's own pages. A
server can be restricted to them.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from sys import getsizeof
from typing import Any

from cachetools import LRUCache

from lk_graphql.api.request_errors import (
    DocumentDigestMismatch,
    NotTrustedDocument,
    PersistedQueryNotFound,
)

_HASH = re.compile(r"[0-9a-f]{64}")


def digest_of(text: str) -> str:
    """The hash by which clients refer to a document."""
    return sha256(text.encode()).hexdigest()


class PersistedDocuments:
    """Looks up documents by text, by hash, or by both.

    Automatic persisted queries are cached up to `cache_bytes`. Only valid ones of at most
    `max_length` characters are stored, so that clients can't fill the memory.
    """

    def __init__(
        self,
        trusted: Mapping[str, str] | None = None,
        *,
        only_trusted: bool = False,
        cache_bytes: int = 2**20,
        max_length: int = 20_000,
    ) -> None:
        self._trusted = dict(trusted or {})
        self.only_trusted = only_trusted
        self._max_length = max_length
        self._texts = LRUCache[str, str](cache_bytes, getsizeof=getsizeof)

    def text(self, text: str, digest: str | None) -> str:
        """The text of a request with a text, a hash, or both.

        Raises `PersistedQueryNotFound`, `NotTrustedDocument`, `DocumentDigestMismatch`.
        """
        if not text and digest:
            return self._by_digest(digest)
        if digest is None and not self.only_trusted:
            return text
        text_digest = digest_of(text)
        if digest not in (None, text_digest):
            raise DocumentDigestMismatch
        if self.only_trusted and text_digest not in self._trusted:
            raise NotTrustedDocument
        return text

    def store(self, digest: str, text: str) -> None:
        """Cache a valid text."""
        fits = len(text) <= self._max_length and getsizeof(text) <= self._texts.maxsize
        if fits and digest not in self._trusted:
            self._texts[digest] = text

    def _by_digest(self, digest: str) -> str:
        if not _HASH.fullmatch(digest):
            raise DocumentDigestMismatch
        if digest in self._trusted:
            return self._trusted[digest]
        if self.only_trusted:
            raise NotTrustedDocument
        if digest not in self._texts:
            raise PersistedQueryNotFound
        return self._texts[digest]


def trusted_documents(file: Path) -> dict[str, str]:
    """Read a manifest: Apollo's format, or codegen's JSON object of hashes and texts.

    Raises ValueError for other files, and for a hash that doesn't match its text.
    """
    manifest: Any = json.loads(file.read_text("utf-8-sig"))
    try:
        operations = manifest.get("operations") or [
            {"id": digest, "body": text} for digest, text in manifest.items()
        ]
        return dict(_checked(operation["id"], operation["body"]) for operation in operations)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is not a manifest of documents") from error


def _checked(id_: str, text: str) -> tuple[str, str]:
    digest = digest_of(text)
    if id_.removeprefix("sha256:") != digest:
        raise ValueError(f"{id_} is not the SHA-256 of its text")
    return digest, text
