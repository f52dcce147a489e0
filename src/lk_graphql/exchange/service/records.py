"""Declarations of import files: values, columns, references, checks, shared columns.

A `ValueFormat` has three SQL templates. In `valid_sql` and `cast_sql` `{c}` is the text, trimmed
and not empty; `cast_sql` may rely on `valid_sql`. In `export_sql` `{c}` is the typed column,
converted to a text that `cast_sql` accepts. Files are also made by hand: a decimal comma, spaces
between thousands and `22.11.2026` are accepted.

A declaration yields the check of each value, the lookups, the insert and the update, the export
file, and the operators' page (docs/import.md). In its SQL `y` is a row with its typed columns, `r`
the same row before it is written, `t` the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lk_graphql.exchange.models import ImportChangeKind, ImportKind
from lk_graphql.metering.models import Zone


@dataclass(frozen=True)
class ValueFormat:
    """A format of values; `code` is the fault code of a malformed one."""

    code: str
    type: str
    valid_sql: str
    cast_sql: str
    syntax: str
    """Description for authors of files."""
    export_sql: str = "{c}::text"


_PLAIN = "translate({c}, U&',\\2212 \\00A0\\202F', '.-')"
"""The number with a decimal point and an ASCII minus, without thousands separators."""


def text(max_length: int) -> ValueFormat:
    return ValueFormat(
        "TOO_LONG",
        "text",
        f"length({{c}}) <= {max_length}",
        "{c}",
        f"text, up to {max_length} characters",
        "{c}",
    )


def _number(pattern: str, bounds: str) -> str:
    """SQL that is true for a text of this form which satisfies the condition `bounds`.

    Most numbers are plain, and `translate` costs as much as the other steps together.
    """
    return (
        f"CASE WHEN {{c}} ~ '^{pattern}$' OR {_PLAIN} ~ '^{pattern}$' THEN {bounds} ELSE false END"
    )


def _fraction(digits: int) -> str:
    return f"([.,][0-9]{'[0-9]?' * (digits - 1)})?"


def decimal(digits: int, fraction: int, *, is_signed: bool = False) -> ValueFormat:
    """Number with up to `digits` before the point; negative only if `is_signed`."""
    pattern = f"{'-?' if is_signed else ''}[0-9]+{_fraction(fraction)}"
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
    _number(f"-?[0-9]+{_fraction(2)}", f"abs({_PLAIN}::numeric) < {10**11}"),
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
    names = [member.value for member in enum]
    values = ", ".join(f"'{name}'" for name in names)
    return ValueFormat(
        "BAD_CHOICE",
        "text",
        f"upper({{c}}) IN ({values})",
        "upper({c})",
        ", ".join(f"`{name}`" for name in names),
        "{c}",
    )


def matching(pattern: str, description: str, *, cast_sql: str = "{c}") -> ValueFormat:
    """Text that matches `pattern`, a POSIX regular expression for the whole value."""
    escaped = pattern.replace("{", "{{").replace("}", "}}")
    form = cast_sql + f" ~ '^({escaped})$'"
    return ValueFormat("BAD_FORM", "text", form, cast_sql, description, "{c}")


@dataclass(frozen=True)
class FileColumn:
    """A column of a file; `target` is the table's column, "" for the same name, None for none.

    `default` is the SQL value of an absent one. `exported_as` is the SQL of a column that the table
    lacks.
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

    `lookup_sql` selects `id` and the columns in `by`; a missing row is the fault `code`.
    """

    target: str
    by: tuple[str, ...]
    lookup_sql: str
    code: str


@dataclass(frozen=True)
class Lookup:
    """A key derived from other columns: `query` is a scalar subquery over the typed row `x`.

    With a `code`, a row must exist wherever the column `inputs` has a value.
    """

    target: str
    query: str
    inputs: str = ""
    code: str = ""


@dataclass(frozen=True)
class ChildOf:
    """Parts of a document: they come with it and replace its previous ones.

    `by` are the file's columns that identify the document, `matches` its typed columns;
    `lookup_sql` selects `id` and the columns in `by`, for exports. With `keeps_missing` parts are
    never deleted, because other rows refer to them.
    """

    parent: str
    by: tuple[str, ...]
    matches: tuple[str, ...]
    target: str
    lookup_sql: str
    keeps_missing: bool = False


@dataclass(frozen=True)
class RowCheck:
    """Refuses rows that satisfy `condition`, with `code` reported for `column`."""

    code: str
    column: str
    condition: str


@dataclass(frozen=True)
class Computed:
    """A column without a file column: its initial value, as SQL over `y`.

    With `is_compared` false, existing rows keep their value.
    """

    target: str
    initial: str
    is_compared: bool = True


@dataclass(frozen=True)
class Records:
    """Rows of a table in files.

    `key` is the natural key, as columns of the table. `stamp` is the table's column with the time
    of the data: an older file doesn't change a newer row, nor one for which `stale_where` (SQL over
    `y`) holds. Only rows for which `existing_where` (SQL over `t`) holds are matched. `sums` are
    the columns whose totals are reported.
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
    sums: tuple[str, ...] = ()
    export_joins: str = ""
    """Joins of further tables for `exported_as`."""

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
        """Table columns that come from the file, without the key `id` and the stamp."""
        return (
            *((self.part_of.target,) if self.part_of else ()),
            *(field.target for field in self.references),
            *(field.target for field in self.lookups),
            *(column.typed_name for column in self.columns if column.target is not None),
            *(field.target for field in self.computed),
        )

    @property
    def compared_columns(self) -> tuple[str, ...]:
        """Table columns whose difference makes a row changed."""
        ignored = {*self.key, *(field.target for field in self.computed if not field.is_compared)}
        return tuple(name for name in self.stored_columns if name not in ignored)


@dataclass(frozen=True)
class SetCheck:
    """A check over several rows: `query` selects `file`, `line` and `value` of bad ones."""

    records: str
    code: str
    column: str
    query: str


@dataclass(frozen=True)
class DrasticChange:
    """A change by which customers lose something: too many of them stop the import.

    `query` selects the `account_id` of each account that it concerns, from the good rows `row_x`
    and the tables before they are written. Without one the accounts are selected in Python.
    """

    kind: ImportChangeKind
    description: str
    query: str = ""


@dataclass(frozen=True)
class ImportFormat:
    """Records that are imported together, in the order of writing."""

    kind: ImportKind
    description: str
    records: tuple[Records, ...]
    set_checks: tuple[SetCheck, ...] = ()
    drastic_changes: tuple[DrasticChange, ...] = ()
    by_name: dict[str, Records] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {records.name: records for records in self.records})

    @property
    def parts(self) -> Iterator[tuple[Records, ChildOf]]:
        return ((records, records.part_of) for records in self.records if records.part_of)


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


def as_of_check(stamp: str = "as_of") -> RowCheck:
    """Refuses a row of the future, which would keep all later files away from its key."""
    return RowCheck("IN_FUTURE", "as_of", f"r.{stamp} > current_setting('lk.now')::timestamptz")


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
        as_of_check(),
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


def balance_cleared(*, has_bills: bool) -> DrasticChange:
    """Balances that become zero; `computed_balance` holds those after the import.

    Each reason is a NOT EXISTS of its own under AND: PostgreSQL makes a join of no other form, and
    would read all rows of the import for each account.
    """
    cleared = (
        "SELECT b.account_id FROM account_balance b JOIN computed_balance s USING (account_id)"
        " WHERE s.debt + s.penalty + s.overpayment = 0"
    )
    received = (
        " AND NOT EXISTS (SELECT FROM received_payment p WHERE p.account_id = b.account_id"
        " AND p.paid_on > b.as_of::date - 45 AND p.amount {} 0)"
    )
    paid, given_back = received.format(">"), received.format("<=")
    billed = (
        " AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = b.account_id"
        " AND i.issued_on > b.as_of::date - 45)"
    )
    imported = " AND NOT EXISTS (SELECT FROM {} r WHERE r.account_id = b.account_id{})"
    if has_bills:
        paid += imported.format("row_invoices", " AND r.paid > 0")
        billed += imported.format("row_invoices", "")
    else:
        paid += imported.format("row_payments", " AND r.amount > 0")
        given_back += imported.format("row_payments", " AND r.amount <= 0")
    return DrasticChange(
        ImportChangeKind.BALANCE_CLEARED,
        "a debt becomes zero though nothing was paid for 45 days, or an advance though nothing was"
        " billed or given back",
        f"{cleared} AND b.debt + b.penalty > 0{paid}"
        f" UNION ALL {cleared} AND b.overpayment > 0{billed}{given_back}",
    )
