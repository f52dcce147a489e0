"""Catalogue of import files, and their recognition by columns.

To import another table, declare `Records` in one of these modules or in a new one.
"""

from difflib import get_close_matches
from pathlib import Path

from lk_graphql.import_formats.service.accounts import ACCOUNTS
from lk_graphql.import_formats.service.invoices import INVOICES
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.meters import METERS
from lk_graphql.import_formats.service.payments import PAYMENTS
from lk_graphql.import_formats.service.readings import APPEALS, READINGS
from lk_graphql.import_formats.service.records import ImportFormat, Records
from lk_graphql.import_formats.service.rules import RULES, TARIFFS
from lk_graphql.tabular import table_files
from lk_graphql.tabular.table_files import FileRefused, Source

KINDS: dict[ImportKind, ImportFormat] = {
    form.kind: form
    for form in (TARIFFS, RULES, ACCOUNTS, METERS, READINGS, INVOICES, PAYMENTS, APPEALS)
}
"""Import files by kind, in the order in which they fill an empty cabinet."""
_KNOWN_NAMES = frozenset(
    name for kind in KINDS.values() for records in kind.records for name in records.names
)


def inspect_file(path: Path) -> Source:
    """Read a file for its hash, encoding and columns. Raises `FileRefused`."""
    return table_files.inspect_file(path, _KNOWN_NAMES)


def recognize(source: Source, kind: ImportFormat) -> Records:
    """Find the records with the columns of the file. Raises `FileRefused` with the differences."""
    columns = frozenset(source.columns)
    if "" in columns:
        number = source.columns.index("") + 1
        raise FileRefused(f"{source.name} has no name for its column {number}.")
    if len(columns) < len(source.columns):
        repeated = sorted(name for name in columns if source.columns.count(name) > 1)
        raise FileRefused(f"{source.name} has columns twice: {', '.join(repeated)}.")
    best = max(
        kind.records,
        key=lambda records: len(columns & set(records.names)) - len(records.required - columns),
    )
    missing = sorted(best.required - columns) if source.delimiter else []
    unknown = sorted(columns - set(best.names))
    if not missing and not unknown:
        return best
    raise FileRefused(
        " ".join(
            [
                f"{source.name} looks like {best.name}, but isn't:",
                *([f"it lacks {', '.join(missing)};"] if missing else []),
                *(f"{name!r} is no column of it{_match_score(name, best)};" for name in unknown),
                "docs/import.md lists them all.",
            ]
        )
    )


def _match_score(name: str, records: Records) -> str:
    close = get_close_matches(name, records.names, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
