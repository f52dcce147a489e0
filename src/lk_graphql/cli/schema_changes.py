"""Changes of the schema since the released one, and their entries in the changelog."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graphql import build_schema, find_schema_changes
from graphql.utilities import BreakingChange, DangerousChange, SafeChangeType

_COORDINATE = re.compile(r"@?\w+\.\w+(?:\(\w+:\))?|@\w+(?:\(\w+:\))?")
_DESCRIPTION = re.compile(r'^ *""".*?"""\n', re.DOTALL | re.MULTILINE)
_UNRELEASED = re.compile(r"^## \[?Unreleased\]?$(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_BREAKING = re.compile(r"\bbreaking\b:?\*?:?", re.IGNORECASE)


@dataclass(frozen=True)
class SchemaChanges:
    """Changes as graphql-core describes them: breaking, dangerous and safe ones."""

    breaking: list[str]
    dangerous: list[str]
    safe: list[str]


def changes_between(released: str, current: str) -> SchemaChanges:
    """The changes from one SDL to another, without those of descriptions."""
    schemas = (build_schema(sdl, assume_valid=True) for sdl in (released, current))
    breaking, dangerous, safe = list[str](), list[str](), list[str]()
    for change in find_schema_changes(*schemas):
        if isinstance(change, BreakingChange):
            breaking.append(change.description)
        elif isinstance(change, DangerousChange):
            dangerous.append(change.description)
        elif change.type is not SafeChangeType.DESCRIPTION_CHANGED:
            safe.append(change.description)
    return SchemaChanges(sorted(breaking), sorted(dangerous), sorted(safe))


def changed_member(change: str) -> str:
    """The schema coordinate of a change: `Account.invoices(last:)`, `Account`, `@access`."""
    if coordinate := _COORDINATE.search(change):
        return coordinate[0]
    return change.removeprefix("Standard scalar ").split(maxsplit=1)[0]


def unreviewed(breaking: Iterable[str], changelog: str) -> list[str]:
    """The breaking changes without an entry «Breaking: …» that names the member in backticks.

    Only unreleased entries count.
    """
    unreleased = "".join(_UNRELEASED.findall(changelog))
    entries = re.split(r"^- ", unreleased, flags=re.MULTILINE)
    reviewed = {
        member
        for entry in entries
        if _BREAKING.search(entry)
        for member in re.findall(r"`([^`]+)`", entry)
    }
    return [change for change in breaking if changed_member(change) not in reviewed]


def without_descriptions(sdl: str) -> str:
    """The SDL for comparisons; a third of the size."""
    text = _DESCRIPTION.sub("", sdl)
    return re.sub(r"\n\n(?=  )", "\n", text)  # the lines between described fields
