"""Which records a file holds: its first line says it."""

from difflib import get_close_matches

from lk_graphql.exchange.service.files import FileRefused, Source
from lk_graphql.exchange.service.records import Kind, Records


def recognised(source: Source, kind: Kind) -> Records:
    """The records whose columns these are. Raises `FileRefused`, with what is wrong with them."""
    given = frozenset(source.columns)
    if len(given) < len(source.columns):
        twice = sorted(name for name in given if source.columns.count(name) > 1)
        raise FileRefused(f"{source.path.name} has columns twice: {', '.join(twice)}.")
    best = max(
        kind.records, key=lambda one: len(given & set(one.names)) - len(one.required - given)
    )
    missing = sorted(best.required - given) if source.delimiter else []
    strange = sorted(given - set(best.names))
    if not missing and not strange:
        return best
    raise FileRefused(
        " ".join(
            [
                f"{source.path.name} looks like {best.name}, but isn't:",
                *([f"it lacks {', '.join(missing)};"] if missing else []),
                *(f"{name!r} is no column of it{_perhaps(name, best)};" for name in strange),
                "docs/import.md lists them all.",
            ]
        )
    )


def _perhaps(name: str, records: Records) -> str:
    close = get_close_matches(name, records.names, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
