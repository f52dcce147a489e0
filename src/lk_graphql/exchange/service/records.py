"""Declaration of import files: values, columns, references, checks, shared columns.

A `Value` is three templates. In `well_formed` and `typed` `{c}` is the text, trimmed and not empty;
`typed` may rely on `well_formed`. In `shown` `{c}` is the typed column: it writes what `typed`
reads. Files come from people, too: a decimal comma, spaces between thousands, `22.11.2026`.

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
class Value:
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


def text(longest: int) -> Value:
    return Value(
        "TOO_LONG",
        "text",
        f"length({{c}}) <= {longest}",
        "{c}",
        f"text, up to {longest} characters",
        "{c}",
    )


def _number(pattern: str, and_then: str) -> str:
    """Whether a text is a number of this form, of which `and_then` holds.

    Most are written plainly, and `translate` costs as much as all the rest.
    """
    return (
        f"CASE WHEN {{c}} ~ '^{pattern}$' OR {_PLAIN} ~ '^{pattern}$'"
        f" THEN {and_then} ELSE false END"
    )


def _fraction(digits: int) -> str:
    return f"([.,][0-9]{'[0-9]?' * (digits - 1)})?"


def decimal(digits: int, fraction: int, *, signed: bool = False) -> Value:
    """With up to `digits` before the point; negative only where it is `signed`."""
    pattern = f"{'-?' if signed else ''}[0-9]+{_fraction(fraction)}"
    return Value(
        "BAD_NUMBER",
        "numeric",
        _number(pattern, f"abs({_PLAIN}::numeric) < {10**digits}"),
        f"{_PLAIN}::numeric",
        f"number, up to {fraction} decimals",
        "trim_scale({c})::text",
    )


def integer(low: int, high: int) -> Value:
    return Value(
        "BAD_NUMBER",
        "bigint",
        _number("[0-9]+", f"{_PLAIN}::numeric BETWEEN {low} AND {high}"),
        f"{_PLAIN}::bigint",
        f"whole number, {low} to {high}",
    )


MONEY = Value(
    "BAD_MONEY",
    "bigint",
    _number(f"-?[0-9]+{_fraction(2)}", "length({c}) <= 20"),
    f"({_PLAIN}::numeric * 100)::bigint",
    "rubles, up to 2 decimals",
    "round({c}::numeric / 100, 2)::text",
)
DAY = Value(
    "BAD_DATE",
    "date",
    "CASE WHEN ({c} LIKE '____-__-__' OR {c} LIKE '__.__.____') AND pg_input_is_valid({c}, 'date')"
    " THEN {c}::date BETWEEN '1900-01-01' AND '2199-12-31' ELSE false END",
    "{c}::date",
    "day, `2026-11-22` or `22.11.2026`",
)
MONTH = Value(
    "BAD_PERIOD",
    "date",
    "{c} ~ '^(19|20|21)[0-9][0-9]-(0[1-9]|1[0-2])(-01)?$'"
    " OR {c} ~ '^(01\\.)?(0[1-9]|1[0-2])\\.(19|20|21)[0-9][0-9]$'",
    "CASE WHEN {c} LIKE '____-%' THEN left({c}, 7) || '-01'"
    " ELSE right({c}, 4) || '-' || left(right({c}, 7), 2) || '-01' END::date",
    "month, `2026-11` or `11.2026`",
    "to_char({c}, 'YYYY-MM')",
)
MOMENT = Value(
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
YES_NO = Value(
    "BAD_CHOICE",
    "boolean",
    "lower({c}) IN ('1', '0', 'true', 'false', 'да', 'нет')",
    "lower({c}) IN ('1', 'true', 'да')",
    "`1`, `true`, `да` or `0`, `false`, `нет`",
    "CASE WHEN {c} THEN '1' ELSE '0' END",
)
KEY = Value(
    "BAD_KEY", "uuid", "pg_input_is_valid({c}, 'uuid')", "{c}::uuid", "key, as it was exported"
)


def choice(of: type[StrEnum]) -> Value:
    names = [one.value for one in of]
    listed = ", ".join(f"'{name}'" for name in names)
    return Value(
        "BAD_CHOICE",
        "text",
        f"upper({{c}}) IN ({listed})",
        "upper({c})",
        ", ".join(f"`{name}`" for name in names),
        "{c}",
    )


def matching(pattern: str, written: str, *, typed: str = "{c}") -> Value:
    """A text of one form; `pattern` is a POSIX regular expression for the whole of it."""
    doubled = pattern.replace("{", "{{").replace("}", "}}")
    form = typed + f" ~ '^({doubled})$'"
    return Value("BAD_FORM", "text", form, typed, written, "{c}")


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


ACCOUNT_COLUMN = Column(
    "account", text(20), "The account's number («лицевой счёт»), with leading zeros.", into=None
)
OF_ACCOUNT = Reference(
    "account_id", ("account",), "SELECT id, number AS account FROM account", "ACCOUNT_UNKNOWN"
)
METER_COLUMN = Column("meter", text(40), "The meter's serial number.", into=None)
ZONE_COLUMN = Column("zone", choice(Zone), "The register's time of day («тарифная зона»).")
REGISTER_ZONE_COLUMN = Column(
    "zone", choice(Zone), "The register's time of day («тарифная зона»).", into=None
)
OF_REGISTER = Reference(
    "register_id",
    ("account", "meter", "zone"),
    "SELECT g.id, a.number AS account, m.serial AS meter, g.zone FROM register g"
    " JOIN meter m ON m.id = g.meter_id JOIN account a ON a.id = m.account_id",
    "REGISTER_UNKNOWN",
)
ANSWERED_COLUMN = Column(
    "as_of",
    MOMENT,
    "When billing has answered; without it, as of the import (`--as-of`).",
    required=False,
    default="current_setting('lk.as_of')::timestamptz",
)

BALANCES = Records(
    name="balances",
    table="account_balance",
    says="What accounts owe or have paid ahead («сальдо»), as a snapshot. An older one than the"
    " cabinet has changes nothing; what is open of each bill follows from it.",
    columns=(
        ACCOUNT_COLUMN,
        Column("debt", MONEY, "Owed for energy, without penalty («задолженность»)."),
        Column("penalty", MONEY, "Owed as penalty («пени»)."),
        Column("overpayment", MONEY, "Paid ahead («переплата»)."),
        Column(
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
        Check("NEGATIVE", "debt", "r.debt < 0"),
        Check("NEGATIVE", "penalty", "r.penalty < 0"),
        Check("NEGATIVE", "overpayment", "r.overpayment < 0"),
        Check(
            "DEBT_AND_OVERPAYMENT", "overpayment", "r.debt + r.penalty > 0 AND r.overpayment > 0"
        ),
    ),
    stamp="as_of",
    sums=("debt", "penalty", "overpayment"),
)
