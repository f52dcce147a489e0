"""Declarations of import files: columns, references, checks, shared columns.

From a declaration are made: the check of each value, the lookups, the insert and the update, the
export file, and the operators' page (docs/import.md). In its SQL, `y` is a row with its typed
columns, `r` the same row before it is written, and `t` the table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.kit.pasted_text import LOOK_ALIKES
from lk_graphql.metering.models import Zone
from lk_graphql.tabular.value_formats import MOMENT, MONEY, ValueFormat, choice, matching, text


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


_FOLDED = "translate(upper({{}}), '{} ', '{}')".format(*LOOK_ALIKES)
"""Identifiers that look the same, as SQL: without blanks, in capital letters of one alphabet."""


def zeros_lost(records: str, table: str, column: str, *, same: str = "true") -> SetCheck:
    """Check for new rows with the identifier of another row without its leading zeros.

    A spreadsheet that reads an identifier as a number drops its leading zeros. `same` is a further
    condition on both rows.
    """
    others = {table: column, f"row_{records}": column}
    return _almost_equal("ZEROS_LOST", records, column, others, "ltrim({}, '0')", same)


def spelt_otherwise(records: str, table: str, column: str, *, same: str) -> SetCheck:
    """Check for new rows whose identifier differs from another's in case, blanks or alphabet only.

    People read both as the same identifier. `same` is a further condition on both rows.
    """
    others = {table: column, f"row_{records}": column}
    return _almost_equal("SPELT_OTHERWISE", records, column, others, _FOLDED, same)


def exported_otherwise(records: str, column: str, *, table: str, exported: str) -> SetCheck:
    """Check for new rows whose identifier is another spelling of an exported one.

    `exported` is its column of the table. The other systems' identifiers aren't compared, because
    they may differ in case only.
    """
    return _almost_equal("SPELT_OTHERWISE", records, column, {table: exported}, _FOLDED, "true")


def _almost_equal(
    code: str, records: str, column: str, others: Mapping[str, str], folded: str, same: str
) -> SetCheck:
    """Compare new rows with those of `others`, columns by table, by the expression `folded`."""
    query = " UNION ".join(
        f"SELECT r.file, r.line, r.{column} AS value FROM row_{records} r JOIN {table} t"
        f" ON {folded.format(f't.{other}')} = {folded.format(f'r.{column}')} AND {same}"
        f" AND t.{other} <> r.{column} WHERE r.is_new"
        for table, other in others.items()
    )
    return SetCheck(records, code, column, query)


def merged_rows(records: Records, *columns: str) -> str:
    """CTE `merged`: the file's rows, with file and line, and the table's rows not replaced."""
    of_file = f"row_{records.name} r WHERE NOT r.is_stale"
    names = ", ".join(columns)
    return (
        f"WITH merged AS (SELECT file, line, {names} FROM {of_file} UNION ALL"
        f' SELECT NULL, NULL, {names} FROM "{records.table}" t'
        f" WHERE NOT EXISTS (SELECT FROM {of_file} AND r.id = t.id))"
    )


def gap_check(records: Records, *series: str, where: str = "true") -> SetCheck:
    """Check for days between two rows of a series on which no row is in force.

    A row without an end is in force until the next row begins, so it fills no gap after that row.
    """
    names = ", ".join(series)
    same = " AND ".join(f"{{0}}.{name} = a.{name}" for name in series)
    covered = (
        f"SELECT FROM merged c WHERE {same.format('c')} AND c.valid_from <= a.valid_to + 1"
        " AND (c.valid_to IS NULL AND c.valid_from >= a.valid_from OR c.valid_to > a.valid_to)"
    )
    following = f"SELECT min(n.valid_from) FROM merged n WHERE {same.format('n')}"
    return SetCheck(
        records.name,
        "LEAVES_A_GAP",
        "valid_from",
        f"{merged_rows(records, *series, 'valid_from', 'valid_to')}, gap AS ("
        f"SELECT {names}, a.valid_to + 1 AS first_day,"
        f" ({following} AND n.valid_from > a.valid_to) - 1 AS last_day"
        f" FROM merged a WHERE a.valid_to IS NOT NULL AND NOT EXISTS ({covered}) AND {where})"
        " SELECT DISTINCT ON (m.file, m.line) m.file, m.line,"
        " concat(a.first_day, ' - ', a.last_day) AS value"
        f" FROM gap a JOIN merged m ON {same.format('m')}"
        " AND (m.valid_to = a.first_day - 1 OR m.valid_from = a.last_day + 1)"
        " WHERE a.last_day IS NOT NULL AND m.file IS NOT NULL",
    )


def incomplete_set_check(
    records: Records,
    set_key: tuple[str, ...],
    column: str,
    fault: str,
    *,
    number: str = "",
    end: str = "NULL::bigint",
) -> SetCheck:
    """Check for sets of rows with a fault; a set has one `set_key`, whose last column is its start.

    `fault` is an SQL condition on the set `s`. `s.numbers` and `s.ends` are the values of `number`
    and `end` (SQL over a row) in the order of the numbers; `s.before` are the numbers of the set
    that it replaces. `number` is the bad rows' `column`, unless several columns make up a number.
    """
    names, start = ", ".join(set_key), set_key[-1]
    same = " AND ".join(
        [f"b.{start} < s.{start}", *(f"b.{name} = s.{name}" for name in set_key[:-1])]
    )
    return SetCheck(
        records.name,
        "INCOMPLETE_SET",
        column,
        f"{merged_rows(records, *set_key, f'{number or column} AS number', f'{end} AS up_to')},"
        f" numbered AS (SELECT {names}, array_agg(number ORDER BY number) AS numbers,"
        f" array_agg(up_to ORDER BY number) AS ends FROM merged GROUP BY {names}),"
        f" s AS (SELECT s.*, (SELECT b.numbers FROM numbered b WHERE {same}"
        f" ORDER BY b.{start} DESC LIMIT 1) AS before FROM numbered s)"
        " SELECT file, line, concat_ws(', ', variadic s.numbers::text[]) AS value"
        f" FROM merged JOIN s USING ({names}) WHERE file IS NOT NULL AND ({fault})",
    )


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


NUMBER_COLUMN = FileColumn(
    "number",
    matching("[0-9A-Za-z]{1,20}", "up to 20 digits"),
    "The number with leading zeros; that of a new account matches `LK_ACCOUNT_NUMBER_PATTERN`.",
)
NEW_NUMBER_CHECK = RowCheck(
    "BAD_FORM", "number", "r.is_new AND r.number !~ current_setting('lk.account_number_pattern')"
)
ACCOUNT_COLUMN = FileColumn(
    "account",
    text(20),
    "The number of the account («лицевой счёт»), with leading zeros.",
    target=None,
)
OF_ACCOUNT = RowReference(
    "account_id", ("account",), "SELECT id, number AS account FROM account", "ACCOUNT_UNKNOWN"
)
METER_COLUMN = FileColumn("meter", text(40), "The serial number of the meter.", target=None)
ZONE_COLUMN = FileColumn("zone", choice(Zone), "The tariff zone of the register («тарифная зона»).")
REGISTER_ZONE_COLUMN = FileColumn(
    "zone", choice(Zone), "The tariff zone of the register («тарифная зона»).", target=None
)
OF_REGISTER = RowReference(
    "register_id",
    ("account", "meter", "zone"),
    "SELECT g.id, a.number AS account, m.serial AS meter, g.zone FROM register g"
    " JOIN meter m ON m.id = g.meter_id JOIN account a ON a.id = m.account_id",
    "REGISTER_UNKNOWN",
)


def as_of_check(stamp: str = "as_of") -> RowCheck:
    """Check that refuses a row of the future, with which all later files would count as older."""
    return RowCheck("IN_FUTURE", "as_of", f"r.{stamp} > current_setting('lk.now')::timestamptz")


def day_check(column: str, days: str = "1") -> RowCheck:
    """Check that refuses a day more than `days` (SQL) ahead.

    Such a day has a mistyped year, or day and month in the wrong order. The default allows for
    programs in another time zone.
    """
    today = "current_setting('lk.now')::timestamptz::date"
    return RowCheck("IN_FUTURE", column, f"r.{column} > {today} + {days}")


BALANCES = Records(
    name="balances",
    table="account_balance",
    description=(
        "A snapshot of the balances of accounts («сальдо»). One older than the cabinet's "
        "changes nothing; the unpaid part of each bill follows from it."
    ),
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("debt", MONEY, "The debt for energy, without penalty («задолженность»)."),
        FileColumn("penalty", MONEY, "The debt for penalty («пени»)."),
        FileColumn("overpayment", MONEY, "The amount paid in advance («переплата»)."),
        FileColumn(
            "as_of",
            MOMENT,
            "The moment of the snapshot; if empty, that of the import (`--as-of`).",
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
    """Balances that become zero; `computed_balance` has the balances after the import.

    Each reason for a zero is a separate NOT EXISTS under AND. PostgreSQL turns only this
    form into joins; for any other it would read all rows of the import for each account.
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
        "a debt becomes zero without a payment for 45 days, or an advance without a bill "
        "or a return",
        f"{cleared} AND b.debt + b.penalty > 0{paid}"
        f" UNION ALL {cleared} AND b.overpayment > 0{billed}{given_back}",
    )
