"""Documents that clients name by their SHA-256 instead of sending them.

Two ways: Apollo's automatic persisted queries, where a client sends the text once and the hash
from then on; and trusted documents, a list made when the client was built, to which the server
may hold everybody.
"""

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from sys import getsizeof
from typing import Any

from cachetools import LRUCache

_HASH = re.compile(r"[0-9a-f]{64}")


class DocumentNotFound(Exception):
    """There is no document with this hash here: the client must send its text."""


class DocumentNotTrusted(Exception):
    """Only trusted documents are answered, and this isn't one."""


class DocumentHashMismatch(Exception):
    """The hash isn't one, or isn't that of the text."""


class PersistedDocuments:
    """Finds the document that a client means, by text, by hash, or by both.

    At most `remembered` bytes of automatic persisted queries are kept, and none that is longer
    than `longest` characters or isn't valid: strangers can't fill the memory with them.
    """

    def __init__(
        self,
        trusted: Mapping[str, str] | None = None,
        *,
        only_trusted: bool = False,
        remembered: int = 2**20,
        longest: int = 20_000,
    ) -> None:
        self._trusted = dict(trusted or {})
        self.only_trusted = only_trusted
        self._longest = longest
        self._texts = LRUCache[str, str](remembered, getsizeof=getsizeof)

    def text(self, text: str, digest: str | None) -> str:
        """The text that a client means; it may have sent only its hash.

        Raises `DocumentNotFound`, `DocumentNotTrusted`, `DocumentHashMismatch`.
        """
        if not text and digest:
            return self._found(digest)
        if digest is None and not self.only_trusted:
            return text
        found = sha256(text.encode()).hexdigest()
        if digest not in (None, found):
            raise DocumentHashMismatch
        if self.only_trusted and found not in self._trusted:
            raise DocumentNotTrusted
        return text

    def store(self, digest: str, text: str) -> None:
        """Remember a text that turned out to be valid."""
        fits = len(text) <= self._longest and getsizeof(text) <= self._texts.maxsize
        if fits and digest not in self._trusted:
            self._texts[digest] = text

    def _found(self, digest: str) -> str:
        if not _HASH.fullmatch(digest):
            raise DocumentHashMismatch
        if digest in self._trusted:
            return self._trusted[digest]
        if self.only_trusted:
            raise DocumentNotTrusted
        if digest not in self._texts:
            raise DocumentNotFound
        return self._texts[digest]


def trusted_documents(file: Path) -> dict[str, str]:
    """Read a manifest: Apollo's, or an object of hash and text as codegen's client preset has it.

    Raises ValueError for what is neither, and for a hash that isn't its text's.
    """
    manifest: Any = json.loads(file.read_text(encoding="utf-8"))
    try:
        operations = manifest.get("operations") or [
            {"id": digest, "body": text} for digest, text in manifest.items()
        ]
        return dict(_checked(one["id"], one["body"]) for one in operations)
    except (AttributeError, KeyError, TypeError) as wrong:
        raise ValueError("it is not a manifest of documents") from wrong


def _checked(id_: str, text: str) -> tuple[str, str]:
    digest = sha256(text.encode()).hexdigest()
    if id_.removeprefix("sha256:") != digest:
        raise ValueError(f"{id_} is not the SHA-256 of its text")
    return digest, text
