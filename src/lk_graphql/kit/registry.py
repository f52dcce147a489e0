"""Registries of an earlier slice that later slices extend."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Registry(Mapping[Key, Value], Generic[Key, Value]):
    """A mapping that the slices' `hooks.py` fill at start-up."""

    def __init__(self, entries: Mapping[Key, Value] | None = None) -> None:
        self._entries = dict(entries or {})

    def register(self, key: Key, value: Value) -> None:
        """Add an entry. A repetition changes nothing; another value raises ValueError."""
        if self._entries.setdefault(key, value) != value:
            raise ValueError(f"Another value is registered for {key!r}")

    def __getitem__(self, key: Key) -> Value:
        return self._entries[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
