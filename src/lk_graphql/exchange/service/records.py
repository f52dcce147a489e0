"""Declaration of import files: values, columns, references, checks, shared columns.

A `ValueFormat` is three templates. In `well_formed` and `typed` `{c}` is the text, trimmed and
not empty; `typed` may rely on `well_formed`. In `shown` `{c}` is the typed column: it writes what
`typed` reads. Files come from people, too: a decimal comma, spaces between thousands, `22.11.2026`.

From one declaration come the check of each value, the look-up of what it refers to, the insert and
the update, the file that an export writes, and the page for operators (docs/import.md). SQL that
stands here speaks of `y`, a row with its typed columns, or of `r`, the same row when it is about to
be written; `t` is the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lk_graphql.exchange.models import ImportKind
from lk_graphql.metering.models import Zone


@dataclass(frozen=True)
class ValueFormat:
    """A kind of value; `code` is what a badly written one is called in reports."""

    code: str
    type: str
    well_formed: str
    typed: str
    written: str
    """For whoever makes files: how to write it."""
    shown: str = "{c}::text"


_PLAIN = "translate({c}, U&',\\2212 \\00A0\\202F', '.-')"
"""A number without what people put between thousands, with a point and a plain minus."""


def text(max_length: int) -> ValueFormat:
    return ValueFormat(
        "TOO_LONG",
        "text",
        f"length({{c}}) <= {max_length}",
        "{c}",
        f"text, up to {max_length} characters",
        "{c}",
    )


def _number(pattern: str, typed: str) -> str:
    """Whether a text is a number of this form, of which `and_then` holds.

    Most are written plainly, and `translate` costs as much as all the rest.
    """
    return (
        f"CASE WHEN {{c}} ~ '^{pattern}$' OR {_PLAIN} ~ '^{pattern}$' THEN {typed} ELSE false END"
    )


def _fraction(digits: int) -> str:
    return f"([.,][0-9]{'[0-9]?' * (digits - 1)})?"


def decimal(digits: int, fraction: int, *, signed: bool = False) -> ValueFormat:
    """With up to `digits` before the point; negative only where it is `signed`."""
    pattern = f"{'-?' if signed else ''}[0-9]+{_fraction(fraction)}"
    return ValueFormat(
        "BAD_NUMBER",
        "numeric",
        _number(pattern, f"abs({_PLAIN}::numeric) < {10**digits}"),
        f"{_PLAIN}::numeric",
        f"number, up to {fraction} decimals",
        "trim_scale({c})::text",
    )


def integer(low: int, high: int) -> ValueFormat:
    return ValueFormat(
        "BAD_NUMBER",
        "bigint",
        _number("[0-9]+", f"{_PLAIN}::numeric BETWEEN {low} AND {high}"),
        f"{_PLAIN}::bigint",
        f"whole number, {low} to {high}",
    )


MONEY = ValueFormat(
    "BAD_MONEY",
    "bigint",
    _number(f"-?[0-9]+{_fraction(2)}", "length({c}) <= 20"),
    f"({_PLAIN}::numeric * 100)::bigint",
    "rubles, up to 2 decimals",
    "round({c}::numeric / 100, 2)::text",
)
DAY = ValueFormat(
    "BAD_DATE",
    "date",
    "CASE WHEN ({c} LIKE '____-__-__' OR {c} LIKE '__.__.____') AND pg_input_is_valid({c}, 'date')"
    " THEN {c}::date BETWEEN '1900-01-01' AND '2199-12-31' ELSE false END",
    "{c}::date",
    "day, `2026-11-22` or `22.11.2026`",
)
MONTH = ValueFormat(
    "BAD_PERIOD",
    "date",
    "{c} ~ '^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])(-01)?$'"
    " OR {c} ~ '^(01\\.)?(0[1-9]|1[0-2])\\.(19|20|21)[0-9][0-9]$'",
    "CASE WHEN {c} LIKE '____-%' THEN left({c}, 7) || '-01'"
    " ELSE right({c}, 4) || '-' || left(right({c}, 7), 2) || '-01' END::date",
    "month, `2026-11` or `11.2026`",
    "to_char({c}, 'YYYY-MM')",
)
MOMENT = ValueFormat(
    "BAD_TIME",
    "timestamptz",
    "CASE WHEN {c} ~ '^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]|[0-9]{{2}}\\.[0-9]{{2}}\\.[0-9]{{4}} )"
    "[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\\.[0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?$'"
    " AND pg_input_is_valid({c}, 'timestamptz')"
    " THEN {c}::timestamptz BETWEEN '1900-01-01' AND '2199-12-31' ELSE false END",
    "{c}::timestamptz",
    "moment, `2026-11-22T14:05+07:00` or `22.11.2026 14:05` in the company's zone",
    "to_char({c} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')",
)
BOOLEAN = ValueFormat(
    "BAD_CHOICE",
    "boolean",
    "lower({c}) IN ('1', '0', 'true', 'false', 'да', 'нет')",
    "lower({c}) IN ('1', 'true', 'да')",
    "`1`, `true`, `да` or `0`, `false`, `нет`",
    "CASE WHEN {c} THEN '1' ELSE '0' END",
)
KEY = ValueFormat(
    "BAD_KEY", "uuid", "pg_input_is_valid({c}, 'uuid')", "{c}::uuid", "key, as it was exported"
)


def choice(enum: type[StrEnum]) -> ValueFormat:
    names = [one.value for one in enum]
    listed = ", ".join(f"'{name}'" for name in names)
    return ValueFormat(
        "BAD_CHOICE",
        "text",
        f"upper({{c}}) IN ({listed})",
        "upper({c})",
        ", ".join(f"`{name}`" for name in names),
        "{c}",
    )


def matching(pattern: str, description: str, *, typed: str = "{c}") -> ValueFormat:
    """A text of one form; `pattern` is a POSIX regular expression for the whole of it."""
    doubled = pattern.replace("{", "{{").replace("}", "}}")
    form = typed + f" ~ '^({doubled})$'"
    return ValueFormat("BAD_FORM", "text", form, typed, description, "{c}")


@dataclass(frozen=True)
class FileColumn:
    """A column of a file. `into` is the table's, by default of the same name; None: no column.

    `default` is what an absent value means. `shown` writes a column that the table hasn't.
    """

    name: str
    value: ValueFormat
    description: str
    required: bool = True
    target: str | None = ""
    default: str = ""
    exported_as: str = ""

    @property
    def typed(self) -> str:
        """What the value is called once it is typed."""
        return self.target or self.name


@dataclass(frozen=True)
class RowReference:
    """A key that is looked up by what stands in the file.

    `found_in` is a query of `id` and of the columns in `by`; where nothing is found, `code`.
    """

    target: str
    by: tuple[str, ...]
    lookup_sql: str
    code: str


@dataclass(frozen=True)
class Lookup:
    """A key that follows from the other columns: `query` is a scalar one over `x`, typed so far.

    With a `code`, it has to be found wherever the column `given` has a value.
    """

    target: str
    query: str
    inputs: str = ""
    code: str = ""


@dataclass(frozen=True)
class ChildOf:
    """Rows that belong to a document: they come with it, and replace those that it had.

    `by` are the file's columns that name the document, `matches` its typed columns; `found_in` is
    a query of `id` and of the columns in `by`, for writing files. What `is_kept` is never deleted:
    others refer to it.
    """

    parent: str
    by: tuple[str, ...]
    matches: tuple[str, ...]
    target: str
    lookup_sql: str
    keeps_missing: bool = False


@dataclass(frozen=True)
class RowCheck:
    """A row for which `wrong` is true is refused with `code`, blamed on `column`."""

    code: str
    column: str
    condition: str


@dataclass(frozen=True)
class Computed:
    """A column that no file holds: what it begins with, as SQL over `y`.

    One that isn't compared stays as it is in rows that are known already.
    """

    target: str
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
            *((self.part_of.target,) if self.part_of else ()),
            *(one.target for one in self.references),
            *(one.target for one in self.lookups),
            *(column.typed for column in self.columns if column.target is not None),
            *(one.target for one in self.computed),
        )

    @property
    def compared(self) -> tuple[str, ...]:
        """What makes a row another one than the table has."""
        kept = {*self.key, *(one.target for one in self.computed if not one.is_compared)}
        return tuple(name for name in self.stored if name not in kept)


@dataclass(frozen=True)
class SetCheck:
    """A check that needs more than its row: `query` gives `file`, `line`, `value` of bad ones."""

    records: str
    code: str
    column: str
    query: str


@dataclass(frozen=True)
class ImportFormat:
    """What is imported together, in the order in which it is written."""

    kind: ImportKind
    description: str
    records: tuple[Records, ...]
    set_checks: tuple[SetCheck, ...] = ()
    by_name: dict[str, Records] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.records})

    @property
    def parts(self) -> Iterator[tuple[Records, ChildOf]]:
        return ((one, one.part_of) for one in self.records if one.part_of)


ACCOUNT_COLUMN = FileColumn(
    "account", text(20), "The account's number («лицевой счёт»), with leading zeros.", target=None
)
OF_ACCOUNT = RowReference(
    "account_id", ("account",), "SELECT id, number AS account FROM account", "ACCOUNT_UNKNOWN"
)
METER_COLUMN = FileColumn("meter", text(40), "The meter's serial number.", target=None)
ZONE_COLUMN = FileColumn("zone", choice(Zone), "The register's time of day («тарифная зона»).")
REGISTER_ZONE_COLUMN = FileColumn(
    "zone", choice(Zone), "The register's time of day («тарифная зона»).", target=None
)
OF_REGISTER = RowReference(
    "register_id",
    ("account", "meter", "zone"),
    "SELECT g.id, a.number AS account, m.serial AS meter, g.zone FROM register g"
    " JOIN meter m ON m.id = g.meter_id JOIN account a ON a.id = m.account_id",
    "REGISTER_UNKNOWN",
)
ANSWERED_COLUMN = FileColumn(
    "as_of",
    MOMENT,
    "When billing has answered; without it, as of the import (`--as-of`).",
    required=False,
    default="current_setting('lk.as_of')::timestamptz",
)

BALANCES = Records(
    name="balances",
    table="account_balance",
    description="What accounts owe or have paid ahead («сальдо»), as a snapshot. An older one than"
    " the cabinet has changes nothing; what is open of each bill follows from it.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("debt", MONEY, "Owed for energy, without penalty («задолженность»)."),
        FileColumn("penalty", MONEY, "Owed as penalty («пени»)."),
        FileColumn("overpayment", MONEY, "Paid ahead («переплата»)."),
        FileColumn(
            "as_of",
            MOMENT,
            "The moment of the snapshot; without it, that of the import (`--as-of`).",
            required=False,
            default="current_setting('lk.as_of')::timestamptz",
        ),
    ),
    key=("account_id",),
    references=(OF_ACCOUNT,),
    checks=(
        RowCheck("NEGATIVE", "debt", "r.debt < 0"),
        RowCheck("NEGATIVE", "penalty", "r.penalty < 0"),
        RowCheck("NEGATIVE", "overpayment", "r.overpayment < 0"),
        RowCheck(
            "DEBT_AND_OVERPAYMENT", "overpayment", "r.debt + r.penalty > 0 AND r.overpayment > 0"
        ),
    ),
    stamp="as_of",
    sums=("debt", "penalty", "overpayment"),
)
