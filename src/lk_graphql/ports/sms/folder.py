"""SMS of the demo: stored in a folder as JSON files, shown at `/dev/sms`; see `mail.folder`."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import orjson

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.phones import Phone


@dataclass(frozen=True)
class StoredSms:
    """A stored SMS."""

    sent_at: datetime
    to: str
    text: str

    @property
    def parts(self) -> int:
        """The number of billed parts: of 70 characters in Cyrillic, or 67 each of several."""
        single, part = (160, 153) if self.text.isascii() else (70, 67)
        return 1 if len(self.text) <= single else -(-len(self.text) // part)


class FileSmsGateway:
    """Stores the newest `keep` SMS; file names are sortable and end with the key of the SMS."""

    def __init__(self, folder: Path, *, keep: int = 200, clock: Clock = utc_now) -> None:
        self._folder = folder
        self._keep = keep
        self._clock = clock

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        await asyncio.to_thread(self._write, text, to, key, is_repeat)

    async def all(self) -> list[StoredSms]:
        """All SMS, the newest first."""
        return await asyncio.to_thread(lambda: [_read(file) for file in self._files()])

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.json"), reverse=True)

    def _write(self, text: str, to: Phone, key: UUID, is_repeat: bool) -> None:  # noqa: FBT001
        if is_repeat and any(file.stem.endswith(key.hex) for file in self._files()):
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{new_key().hex}-{key.hex}.part"
        content = {"sent_at": self._clock(), "to": to, "text": text}
        file.write_bytes(orjson.dumps(content))
        file.rename(file.with_suffix(".json"))  # so that readers see no partial file
        for old in self._files()[self._keep :]:
            old.unlink(missing_ok=True)


def _read(file: Path) -> StoredSms:
    content = orjson.loads(file.read_bytes())
    return StoredSms(datetime.fromisoformat(content["sent_at"]), content["to"], content["text"])
