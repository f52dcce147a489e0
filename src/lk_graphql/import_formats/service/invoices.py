"""Import files of bills with their parts."""

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import MAX_RANGES
from lk_graphql.import_formats.service.balances import BALANCES, balance_cleared
from lk_graphql.import_formats.service.columns import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_ACCOUNT,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    day_check,
)
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    ChildOf,
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Lookup,
    Records,
    RowCheck,
    SetCheck,
)
from lk_graphql.metering.models import Zone
from lk_graphql.tabular.value_formats import (
    DAY,
    MONEY,
    MONTH,
    choice,
    decimal,
    identifier,
    integer,
    matching,
    text,
)

_INVOICE_COLUMN = FileColumn(
    "invoice", text(40), "The number of the bill, as in `invoices`.", target=None
)
_OF_INVOICE = ChildOf(
    "invoices",
    ("invoice",),
    ("number",),
    "invoice_id",
    "SELECT id, number AS invoice FROM invoice",
)
_POSITION = FileColumn("position", integer(1, 9999), "The position on the bill, from 1.")
_CORRECTED = (
    FileColumn(
        "reason_code",
        choice(RecalculationReason),
        "The reason for the recalculation; like the next columns, for recalculations only.",
        required=False,
    ),
    FileColumn("corrects_from", MONTH, "The first corrected month.", required=False),
    FileColumn("corrects_to", MONTH, "The last corrected month, or the same.", required=False),
    FileColumn("document", text(200), "The document, such as an act.", required=False),
)
LINES = Records(
    name="invoice_lines",
    table="invoice_line",
    description="The charges of a bill, line by line.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        FileColumn("kind", choice(LineKind), "The kind: energy of the month, or a correction."),
        FileColumn("service", text(100), "The service charged («услуга»)."),
        FileColumn(
            "zone", choice(Zone), "The tariff zone; empty for a correction.", required=False
        ),
        FileColumn(
            "range_number", integer(1, MAX_RANGES), "The range («диапазон»).", required=False
        ),
        FileColumn(
            "quantity_kwh", decimal(9, 3, is_signed=True), "The quantity in kWh.", required=False
        ),
        FileColumn(
            "rubles_per_kwh",
            decimal(3, 5, is_price=True),
            "The tariff, VAT included.",
            required=False,
        ),
        FileColumn("amount", MONEY, "The amount of the line."),
        FileColumn("reason", text(300), "The reason of a recalculation, in words.", required=False),
        FileColumn(
            "basis",
            choice(VolumeBasis),
            "The basis of the volume of energy, if known.",
            required=False,
        ),
        FileColumn(
            "factor",
            decimal(2, 2),
            "The raising factor («повышающий коэффициент»), for lines of that kind only.",
            required=False,
        ),
        *_CORRECTED,
    ),
    key=("invoice_id", "position"),
    checks=(
        RowCheck("REQUIRED", "factor", "r.kind = 'RAISING_FACTOR' AND r.factor IS NULL"),
        RowCheck(
            "NOT_OF_THIS_KIND", "factor", "r.kind <> 'RAISING_FACTOR' AND r.factor IS NOT NULL"
        ),
        RowCheck("BELOW_ONE", "factor", "r.factor < 1"),
        RowCheck("NOT_OF_THIS_KIND", "basis", "r.kind <> 'ENERGY' AND r.basis IS NOT NULL"),
        *(
            RowCheck(
                "NOT_OF_THIS_KIND",
                column.name,
                f"r.kind <> 'RECALCULATION' AND r.{column.name} IS NOT NULL",
            )
            for column in _CORRECTED
        ),
        RowCheck(
            "REQUIRED", "corrects_from", "r.corrects_from IS NULL AND r.corrects_to IS NOT NULL"
        ),
        RowCheck(
            "REQUIRED", "corrects_to", "r.corrects_to IS NULL AND r.corrects_from IS NOT NULL"
        ),
        RowCheck("ENDS_BEFORE_IT_BEGINS", "corrects_to", "r.corrects_to < r.corrects_from"),
    ),
    part_of=_OF_INVOICE,
    sums=("amount",),
)
PENALTIES = Records(
    name="invoice_penalties",
    table="invoice_penalty",
    description="The calculation of a penalty: days of one debt at one rate.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        FileColumn("for_period", MONTH, "The month of the bill that was paid late."),
        FileColumn("debt", MONEY, "The debt on these days."),
        FileColumn("first_day", DAY, "The first day."),
        FileColumn("last_day", DAY, "The last day."),
        FileColumn("rate_percent", decimal(3, 3), "The rate in percent per year."),
        FileColumn("divisor", integer(1, 999), "The divisor of the rate for a day, 300 or 130."),
        FileColumn("amount", MONEY, "The amount of the penalty; negative if it is written off."),
    ),
    key=("invoice_id", "position"),
    checks=(RowCheck("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
    part_of=_OF_INVOICE,
    sums=("amount",),
)


def _reading_of(end: str) -> Lookup:
    """Lookup of the register's reading of a day, one that is or once was accepted."""
    return Lookup(
        f"{end}_id",
        "SELECT g.id FROM reading g WHERE g.register_id = x.register_id"
        f" AND g.taken_on = x.{end}_on AND g.value = coalesce(x.{end}_value, g.value)"
        " AND g.state <> 'NEEDS_CONFIRMATION'"
        " ORDER BY g.state = 'ACCEPTED' DESC, g.period DESC, g.received_at DESC LIMIT 1",
        f"{end}_on",
        "READING_UNKNOWN",
    )


def _exported(end: str, text_of: str) -> str:
    return f"(SELECT {text_of}::text FROM reading g WHERE g.id = t.{end}_id)"


def _value_column(end: str, description: str) -> FileColumn:
    return FileColumn(
        f"{end}_value",
        decimal(9, 3),
        description,
        required=False,
        target=None,
        exported_as=_exported(end, "trim_scale(g.value)"),
    )


READINGS = Records(
    name="invoice_readings",
    table="invoice_reading",
    description="The two readings of a register on which a bill is based. Import the readings "
    "with `lk import readings` before the bills. One that the customer has replaced meanwhile "
    "still counts for the bill's month, and the newer one for the first month without a bill; the "
    "report notes it. The same applies to a customer's reading of a billed month on which its "
    "bill isn't based, unless the bill is based on a later reading, which includes it; without "
    "`invoice_readings`, the `basis` of the bill's lines decides.",
    columns=(
        _INVOICE_COLUMN,
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        FileColumn(
            "previous_on",
            DAY,
            "The day of the reading at the start; empty for an estimated month.",
            required=False,
            target=None,
            exported_as=_exported("previous", "g.taken_on"),
        ),
        FileColumn(
            "current_on",
            DAY,
            "The day of the reading at the end; empty for an estimated month.",
            required=False,
            target=None,
            exported_as=_exported("current", "g.taken_on"),
        ),
        FileColumn(
            "consumption_kwh",
            decimal(9, 3, is_signed=True),
            "The consumption in kWh, with the meter's ratio; negative after estimates that "
            "were too high.",
        ),
        _value_column(
            "previous",
            "The value of the reading at the start, to distinguish several of one day; if "
            "empty, the one that counts.",
        ),
        _value_column("current", "The value of the reading at the end, likewise."),
    ),
    key=("invoice_id", "register_id"),
    references=(OF_REGISTER,),
    lookups=(_reading_of("previous"), _reading_of("current")),
    part_of=_OF_INVOICE,
)
_REPLACED = """
SELECT r.file, r.line, concat_ws(' <> ', g.value, (
    SELECT n.value FROM reading n WHERE n.register_id = g.register_id AND n.period = g.period
    AND n.source = 'CUSTOMER' AND n.state = 'ACCEPTED'
)) AS value
FROM row_invoice_readings r JOIN reading g ON g.id = r.current_id
WHERE NOT r.is_stale AND g.state <> 'ACCEPTED'
"""
"""Bills based on a reading that the customer has corrected or withdrawn since."""
_INVOICES = Records(
    name="invoices",
    table="invoice",
    description="Bills («квитанции»), one per account and month. A bill that is sent again "
    "replaces the previous one with all its lines. Each has to add up: opening_balance + charged "
    "+ recalculated + penalty - paid = closing_balance; debts are positive, advances negative.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("number", identifier(40), "The number of the bill."),
        FileColumn("period", MONTH, "The billed month («расчётный период»)."),
        FileColumn("issued_on", DAY, "The day of issue."),
        FileColumn("due_on", DAY, "The last day for payment without penalty."),
        FileColumn(
            "opening_balance", MONEY, "The balance at the month's start («входящее сальдо»)."
        ),
        FileColumn(
            "charged",
            MONEY,
            "The charge for the month («начислено»): the sum of all lines except `RECALCULATION`.",
        ),
        FileColumn(
            "recalculated",
            MONEY,
            "The corrections of earlier months («перерасчёт»): the sum of these lines.",
        ),
        FileColumn(
            "penalty",
            MONEY,
            "The penalty for late payment («пени»), the sum of `invoice_penalties`; "
            "negative if more was written off than accrued.",
        ),
        FileColumn(
            "paid",
            MONEY,
            "The amount received in the month («оплачено»); negative if more was returned.",
        ),
        FileColumn(
            "closing_balance", MONEY, "The balance at the month's end («исходящее сальдо»)."
        ),
        FileColumn(
            "closing_penalty",
            MONEY,
            "The penalty included in `closing_balance`; if empty, it is unknown and counts "
            "as none. A receipt shows the sum without it («без пени»).",
            required=False,
        ),
        FileColumn(
            "closing_on",
            DAY,
            "The day at the end of which `closing_balance` holds; if empty, the month's "
            "last day. Before that day is over, the balance is of the time of the import "
            "(`--as-of`). It is the account's balance until a newer one is imported, of a "
            "later bill or a snapshot (`balances`).",
            required=False,
        ),
        FileColumn(
            "consumption_kwh",
            decimal(9, 3, is_signed=True),
            "The consumption of the month in kWh («расход»).",
        ),
        FileColumn(
            "gis_document_id",
            matching(".{18}", "18 characters"),
            "The id of the bill in ГИС ЖКХ («идентификатор платёжного документа»).",
            required=False,
        ),
    ),
    key=("account_id", "period"),
    references=(OF_ACCOUNT,),
    checks=(
        RowCheck(
            "DOESNT_ADD_UP",
            "closing_balance",
            "r.opening_balance + r.charged + r.recalculated + r.penalty - r.paid"
            " <> r.closing_balance",
        ),
        RowCheck(
            "NOT_A_PART",
            "closing_penalty",
            "r.closing_penalty < 0 OR r.closing_penalty > greatest(r.closing_balance, 0)",
        ),
        RowCheck("ENDS_BEFORE_IT_BEGINS", "closing_on", "r.closing_on < r.period"),
        day_check("period", "31"),
        day_check(
            "closing_on",
            "CASE WHEN r.closing_on < r.period + interval '1 month' THEN 61 ELSE 1 END",
        ),
    ),
    unique=("number",),
    computed=(Computed("unpaid", "0::bigint"),),
    stamp="data_as_of",
    sums=("charged", "recalculated", "penalty", "paid", "closing_balance"),
)


def _differs(total: str, parts: str, condition: str) -> str:
    """Query of bills whose `total` differs from the sum of the parts that meet the condition."""
    return (
        f"SELECT r.file, r.line, round(r.{total}::numeric / 100, 2) || ' <> '"
        f" || round(coalesce(s.amount, 0)::numeric / 100, 2) AS value FROM row_invoices r LEFT JOIN"
        f" (SELECT invoice_id, sum(amount) AS amount FROM row_{parts} WHERE {condition}"
        f" GROUP BY invoice_id) s ON s.invoice_id = r.id WHERE r.{total} <> coalesce(s.amount, 0)"
    )


_SUMS = (
    ("charged", "invoice_lines", "kind <> 'RECALCULATION'"),
    ("recalculated", "invoice_lines", "kind = 'RECALCULATION'"),
    ("penalty", "invoice_penalties", "true"),
)
_EXISTING = "SELECT t.account_id FROM row_invoices r JOIN invoice t ON t.id = r.id"
_CHARGES = "{0}.charged + {0}.recalculated + {0}.penalty"
_BILL_CANCELLED = (
    f"{_EXISTING} WHERE NOT r.is_stale AND {_CHARGES.format('r')} = 0"
    f" AND {_CHARGES.format('t')} <> 0"
)
_BILL_CHANGED = (
    f"{_EXISTING} WHERE NOT r.is_stale AND {_CHARGES.format('r')} <> 0"
    f" AND ({_CHARGES.format('t')}, t.closing_balance)"
    f" IS DISTINCT FROM ({_CHARGES.format('r')}, r.closing_balance)"
)
INVOICES = ImportFormat(
    ImportKind.INVOICES,
    "Bills with their parts, and balances",
    (_INVOICES, LINES, PENALTIES, READINGS, BALANCES),
    set_checks=tuple(
        SetCheck("invoices", "PARTS_DONT_ADD_UP", total, _differs(total, parts, condition))
        for total, parts, condition in _SUMS
    ),
    notes=(SetCheck("invoice_readings", "READING_REPLACED", "current_on", _REPLACED),),
    divided_by="account_id",
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.BILL_CANCELLED,
            "a bill is replaced by one without any charges",
            _BILL_CANCELLED,
        ),
        DrasticChange(
            ImportChangeKind.BILL_CHANGED,
            "a bill is replaced by one with another sum or closing balance",
            _BILL_CHANGED,
        ),
        balance_cleared(has_bills=True),
    ),
)
