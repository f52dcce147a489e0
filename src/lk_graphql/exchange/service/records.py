"""What a file of a kind may hold, declared column by column.

From one declaration come the check of each value, the look-up of what it refers to, the insert and
the update, the file that an export writes, and the page for operators (docs/import.md). SQL that
stands here speaks of `y`, a row with its typed columns, or of `r`, the same row when it is about to
be written; `t` is the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.values import Value


@dataclass(frozen=True)
class Column:
    """A column of a file. `into` is the table's, by default of the same name; None: no column.

    `default` is what an absent value means. `shown` writes a column that the table hasn't.
    """

    name: str
    value: Value
    says: str
    required: bool = True
    into: str | None = ""
    default: str = ""
    shown: str = ""

    @property
    def typed(self) -> str:
        """What the value is called once it is typed."""
        return self.into or self.name


@dataclass(frozen=True)
class Reference:
    """A key that is looked up by what stands in the file.

    `found_in` is a query of `id` and of the columns in `by`; where nothing is found, `code`.
    """

    into: str
    by: tuple[str, ...]
    found_in: str
    code: str


@dataclass(frozen=True)
class Sought:
    """A key that follows from the other columns: `query` is a scalar one over `x`, typed so far.

    With a `code`, it has to be found wherever the column `given` has a value.
    """

    into: str
    query: str
    given: str = ""
    code: str = ""


@dataclass(frozen=True)
class Part:
    """Rows that belong to a document: they come with it, and replace those that it had.

    `by` are the file's columns that name the document, `matches` its typed columns; `found_in` is
    a query of `id` and of the columns in `by`, for writing files. What `is_kept` is never deleted:
    others refer to it.
    """

    of: str
    by: tuple[str, ...]
    matches: tuple[str, ...]
    into: str
    found_in: str
    is_kept: bool = False


@dataclass(frozen=True)
class Check:
    """A row for which `wrong` is true is refused with `code`, blamed on `column`."""

    code: str
    column: str
    wrong: str


@dataclass(frozen=True)
class Computed:
    """A column that no file holds: what it begins with, as SQL over `y`.

    One that isn't compared stays as it is in rows that are known already.
    """

    into: str
    initial: str
    is_compared: bool = True


@dataclass(frozen=True)
class Records:
    """A table's rows in files.

    `key` is the natural key: columns of the table by which a row is known again. `stamp` is the
    table's column that says as of when the row is: an older file leaves a newer row alone, and
    changes nothing by a row for which `stale_where`, SQL over `y`, holds. Only rows for which
    `known_where`, SQL over `t`, holds are known; others aren't seen. `sums` are the columns whose
    totals are reported.
    """

    name: str
    table: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()
    sought: tuple[Sought, ...] = ()
    checks: tuple[Check, ...] = ()
    unique: tuple[str, ...] = ()
    computed: tuple[Computed, ...] = ()
    part_of: Part | None = None
    stamp: str = ""
    stale_where: str = ""
    known_where: str = ""
    sums: tuple[str, ...] = ()
    shown_from: str = ""
    """More tables that `shown` of columns needs, as joins."""

    @property
    def required(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.required)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def is_stamped_by_run(self) -> bool:
        """Whether the stamp is the run's, and no column of the file."""
        return bool(self.stamp) and self.stamp not in {column.typed for column in self.columns}

    @property
    def stored(self) -> tuple[str, ...]:
        """The table's columns that come from the file, without the key `id` and the stamp."""
        return (
            *((self.part_of.into,) if self.part_of else ()),
            *(one.into for one in self.references),
            *(one.into for one in self.sought),
            *(column.typed for column in self.columns if column.into is not None),
            *(one.into for one in self.computed),
        )

    @property
    def compared(self) -> tuple[str, ...]:
        """What makes a row another one than the table has."""
        kept = {*self.key, *(one.into for one in self.computed if not one.is_compared)}
        return tuple(name for name in self.stored if name not in kept)


@dataclass(frozen=True)
class SetCheck:
    """A check that needs more than its row: `query` gives `file`, `line`, `value` of bad ones."""

    records: str
    code: str
    column: str
    query: str


@dataclass(frozen=True)
class Kind:
    """What is imported together, in the order in which it is written."""

    kind: ImportKind
    says: str
    records: tuple[Records, ...]
    set_checks: tuple[SetCheck, ...] = ()
    by_name: dict[str, Records] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.records})

    @property
    def parts(self) -> Iterator[tuple[Records, Part]]:
        return ((one, one.part_of) for one in self.records if one.part_of)
