"""Declarations of import files: columns, references, checks.

From a declaration are made: the check of each value, the lookups, the insert and the update, the
export file, and the operators' page (docs/import.md). In its SQL, `y` is a row with its typed
columns, `r` the same row before it is written, and `t` the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.tabular.value_formats import ValueFormat


@dataclass(frozen=True)
class FileColumn:
    """A column of a file.

    `target` is the table's column: "" for one with the same name, None for none. `default` is the
    SQL of a missing value. `exported_as` is the SQL of a value that isn't in a column of the table.
    """

    name: str
    value: ValueFormat
    description: str
    required: bool = True
    target: str | None = ""
    default: str = ""
    exported_as: str = ""

    @property
    def typed_name(self) -> str:
        """Name of the column in `row_x`."""
        return self.target or self.name


@dataclass(frozen=True)
class RowReference:
    """A key that is looked up by columns of the file.

    `lookup_sql` selects `id` and the columns in `by`. If it selects no row, the fault is `code`.
    """

    target: str
    by: tuple[str, ...]
    lookup_sql: str
    code: str


@dataclass(frozen=True)
class Lookup:
    """A key derived from other columns: `query` is a scalar subquery over the typed row `x`.

    With a `code`, the subquery must find a row if the column `inputs` has a value.
    """

    target: str
    query: str
    inputs: str = ""
    code: str = ""


@dataclass(frozen=True)
class ChildOf:
    """Parts of a document, which are imported with it and replace its previous parts.

    `by` are the columns of the parts' file that identify the document, `matches` the typed columns
    of the document. `lookup_sql` selects `id` and the columns in `by`, for exports. With
    `keeps_missing`, parts that the file lacks aren't deleted, because other rows refer to them.
    """

    parent: str
    by: tuple[str, ...]
    matches: tuple[str, ...]
    target: str
    lookup_sql: str
    keeps_missing: bool = False


@dataclass(frozen=True)
class RowCheck:
    """Check that refuses rows that satisfy `condition`; the fault is `code` of `column`."""

    code: str
    column: str
    condition: str


@dataclass(frozen=True)
class Computed:
    """A column of the table that isn't in the file; `initial` is its value, as SQL over `y`.

    If `is_compared` is false, existing rows keep their value.
    """

    target: str
    initial: str
    is_compared: bool = True


@dataclass(frozen=True)
class Records:
    """Rows of a table in files.

    `key` is the natural key, as columns of the table. `stamp` is the table's column with the time
    of the data: a row of the file changes nothing if the table's row is newer, or if `stale_where`
    (SQL over `y`) is true. Rows of the table are matched only if `existing_where` (SQL over `t`) is
    true. `preferred` (SQL over `y`) selects the key of a row to match instead, if there is one.
    `sums` are the columns whose totals are reported.
    """

    name: str
    table: str
    description: str
    columns: tuple[FileColumn, ...]
    key: tuple[str, ...]
    references: tuple[RowReference, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    checks: tuple[RowCheck, ...] = ()
    unique: tuple[str, ...] = ()
    computed: tuple[Computed, ...] = ()
    part_of: ChildOf | None = None
    stamp: str = ""
    stale_where: str = ""
    existing_where: str = ""
    preferred: str = ""
    sums: tuple[str, ...] = ()
    export_joins: str = ""
    """Joins of the tables that `exported_as` reads."""

    @property
    def required(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.required)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def is_stamped_by_run(self) -> bool:
        """Whether the stamp is the run's time, not a column of the file."""
        return bool(self.stamp) and self.stamp not in {column.typed_name for column in self.columns}

    @property
    def stored_columns(self) -> tuple[str, ...]:
        """Table columns that the import sets, without the key `id` and the stamp."""
        return (
            *((self.part_of.target,) if self.part_of else ()),
            *(field.target for field in self.references),
            *(field.target for field in self.lookups),
            *(column.typed_name for column in self.columns if column.target is not None),
            *(field.target for field in self.computed),
        )

    @property
    def compared_columns(self) -> tuple[str, ...]:
        """Table columns that are compared: a row is changed if one of them differs."""
        ignored = {*self.key, *(field.target for field in self.computed if not field.is_compared)}
        return tuple(name for name in self.stored_columns if name not in ignored)


@dataclass(frozen=True)
class SetCheck:
    """A check of several rows; `query` selects `file`, `line` and `value` of the bad ones."""

    records: str
    code: str
    column: str
    query: str


@dataclass(frozen=True)
class DrasticChange:
    """A kind of change by which customers lose something; too many such changes stop the import.

    `query` selects the `account_id` of each such account, from the good rows `row_x` and the tables
    before they are written. Without a query, the accounts are selected in Python.
    """

    kind: ImportChangeKind
    description: str
    query: str = ""


@dataclass(frozen=True)
class ImportFormat:
    """Records that are imported together, in the order of writing.

    `divided_by` is a column of all records except parts, or "". By it, the rows of a large import
    are divided into batches: all rows with one value are in one batch. Without it, all rows are
    written at once. If the records `stand_alone`, only set checks read several of their tables.
    `locked_accounts` selects the accounts of the rows, if their customers may change what the rows
    are compared with.
    """

    kind: ImportKind
    description: str
    records: tuple[Records, ...]
    set_checks: tuple[SetCheck, ...] = ()
    drastic_changes: tuple[DrasticChange, ...] = ()
    notes: tuple[SetCheck, ...] = ()
    """Checks whose rows are reported and loaded."""
    divided_by: str = ""
    stand_alone: bool = False
    locked_accounts: str = ""
    by_name: dict[str, Records] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {records.name: records for records in self.records})

    @property
    def parts(self) -> Iterator[tuple[Records, ChildOf]]:
        return ((records, records.part_of) for records in self.records if records.part_of)
