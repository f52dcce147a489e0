"""Keys and public ids: UUIDv7 in the database, `inv_<32 hex digits>` in the API."""

from uuid import UUID

import uuid_utils.compat

NO_KEY = UUID(int=0)
"""A key that no row has: what is asked for by a malformed id isn't there."""


def new_key() -> UUID:
    """A UUIDv7: grows with time, so that an index on it grows at its end."""
    return uuid_utils.compat.uuid7()


def to_public(prefix: str, key: UUID) -> str:
    return f"{prefix}_{key.hex}"


def prefix_of(public: object) -> str:
    return str(public).partition("_")[0]


def key_of(public: object, prefix: str | None = None) -> UUID | None:
    """The key inside a public id; None when there is none (so that it finds nothing).

    With `prefix`, an id of another type has no key either.
    """
    found, _, digits = str(public).partition("_")
    if prefix is not None and found != prefix:
        return None
    try:
        return UUID(hex=digits) if len(digits) == 32 else None
    except ValueError:
        return None


def optional_key_of(public: object | None, prefix: str) -> UUID | None:
    """The key in an id that may be left out: None only then, `NO_KEY` for what isn't one."""
    return None if public is None else key_of(public, prefix) or NO_KEY
