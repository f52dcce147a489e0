"""Keys and public ids: UUIDv7 in the database, `inv_<32 hex digits>` in the API."""

from uuid import UUID

import uuid_utils.compat

NO_KEY = UUID(int=0)
"""A key of no row, for malformed ids."""


def new_key() -> UUID:
    """A UUIDv7: ordered by time, so index pages fill in order."""
    return uuid_utils.compat.uuid7()


def to_public(prefix: str, key: UUID) -> str:
    return f"{prefix}_{key.hex}"


def prefix_of(public: object) -> str:
    return str(public).partition("_")[0]


def key_of(public: object, prefix: str | None = None) -> UUID | None:
    """The key in a public id; None for a malformed one.

    With `prefix`, also None for an id of another type.
    """
    actual, _, digits = str(public).partition("_")
    if prefix is not None and actual != prefix:
        return None
    try:
        return UUID(hex=digits) if len(digits) == 32 else None
    except ValueError:
        return None


def optional_key_of(public: object | None, prefix: str) -> UUID | None:
    """The key in an optional id: None for an absent id, `NO_KEY` for a malformed one."""
    return None if public is None else key_of(public, prefix) or NO_KEY
