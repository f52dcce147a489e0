"""Import files of bills with their parts, and of received payments."""

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import MAX_RANGES
from lk_graphql.exchange.models import ImportChangeKind, ImportKind
from lk_graphql.exchange.service.records import (
    ACCOUNT_COLUMN,
    BALANCES,
    METER_COLUMN,
    OF_ACCOUNT,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    ChildOf,
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Lookup,
    Records,
    RowCheck,
    SetCheck,
    balance_cleared,
    day_check,
    zeros_lost,
)
from lk_graphql.kit.value_formats import (
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
from lk_graphql.metering.models import Zone

_INVOICE_COLUMN = FileColumn(
    "invoice", text(40), "The bill's number, as in `invoices`.", target=None
)
_OF_INVOICE = ChildOf(
    "invoices",
    ("invoice",),
    ("number",),
    "invoice_id",
    "SELECT id, number AS invoice FROM invoice",
)
_POSITION = FileColumn("position", integer(1, 9999), "Its place on the bill, from 1.")

_CORRECTED = (
    FileColumn(
        "reason_code",
        choice(RecalculationReason),
        "Why it was recalculated; of a recalculation only, as what follows.",
        required=False,
    ),
    FileColumn("corrects_from", MONTH, "The first month that it corrects.", required=False),
    FileColumn("corrects_to", MONTH, "The last such month, or the same.", required=False),
    FileColumn("document", text(200), "The document that it rests on: an act.", required=False),
)

LINES = Records(
    name="invoice_lines",
    table="invoice_line",
    description="What was charged, line by line.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        FileColumn("kind", choice(LineKind), "Energy of the month, or a correction."),
        FileColumn("service", text(100), "What it is for («услуга»)."),
        FileColumn(
            "zone", choice(Zone), "The time of day; empty for a correction.", required=False
        ),
        FileColumn(
            "range_number", integer(1, MAX_RANGES), "The range («диапазон»).", required=False
        ),
        FileColumn(
            "quantity_kwh", decimal(9, 3, is_signed=True), "Kilowatt-hours.", required=False
        ),
        FileColumn(
            "rubles_per_kwh",
            decimal(3, 5, is_price=True),
            "The tariff, VAT included.",
            required=False,
        ),
        FileColumn("amount", MONEY, "What it comes to."),
        FileColumn("reason", text(300), "Why it was recalculated, in words.", required=False),
        FileColumn(
            "basis",
            choice(VolumeBasis),
            "What energy's volume rests on, if it is told.",
            required=False,
        ),
        FileColumn(
            "factor",
            decimal(2, 2),
            "The raising factor («повышающий коэффициент»), exactly for a line of that kind.",
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
    description="How a penalty came about: days of one debt at one rate.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        FileColumn("for_period", MONTH, "The month whose bill was paid late."),
        FileColumn("debt", MONEY, "What was owed on these days."),
        FileColumn("first_day", DAY, "The first of these days."),
        FileColumn("last_day", DAY, "The last of these days."),
        FileColumn("rate_percent", decimal(3, 3), "The rate, in percent a year."),
        FileColumn("divisor", integer(1, 999), "Which part of the rate a day costs: 300 or 130."),
        FileColumn("amount", MONEY, "What they come to; negative where it is written off."),
    ),
    key=("invoice_id", "position"),
    checks=(RowCheck("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
    part_of=_OF_INVOICE,
    sums=("amount",),
)


def _reading_of(end: str) -> Lookup:
    """Lookup of the register's reading of a day: one that is, or was once, accepted."""
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
    description="Which two readings of a register went into a bill. The readings come with"
    " `lk import readings`, before the bills. One that the customer has replaced meanwhile is"
    " counted for the bill's month nevertheless, and the newer one for the first month that isn't"
    " billed; the report notes it. So is a customer's reading of a billed month on which its bill"
    " doesn't rest.",
    columns=(
        _INVOICE_COLUMN,
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        FileColumn(
            "previous_on",
            DAY,
            "When the reading at the start was taken; empty for an estimated month.",
            required=False,
            target=None,
            exported_as=_exported("previous", "g.taken_on"),
        ),
        FileColumn(
            "current_on",
            DAY,
            "When the reading at the end was taken; likewise.",
            required=False,
            target=None,
            exported_as=_exported("current", "g.taken_on"),
        ),
        FileColumn(
            "consumption_kwh",
            decimal(9, 3, is_signed=True),
            "Kilowatt-hours, the meter's ratio included; negative after too high estimates.",
        ),
        _value_column(
            "previous",
            "What it showed: tells several readings of the day apart; empty: the one that counts.",
        ),
        _value_column("current", "What the one at the end showed; likewise."),
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
"""Bills based on a reading that the customer has corrected or withdrawn meanwhile."""


_INVOICES = Records(
    name="invoices",
    table="invoice",
    description="Bills («квитанции»), one for an account and a month. A bill that comes again"
    " replaces the one before, with all its lines. Each has to add up: opening_balance + charged +"
    " recalculated + penalty - paid = closing_balance; owed is positive, paid ahead negative.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("number", identifier(40), "The document's number."),
        FileColumn("period", MONTH, "The billed month («расчётный период»)."),
        FileColumn("issued_on", DAY, "When it was issued."),
        FileColumn("due_on", DAY, "The last day to pay without penalty."),
        FileColumn("opening_balance", MONEY, "Owed when the month began («входящее сальдо»)."),
        FileColumn(
            "charged",
            MONEY,
            "For the month's energy («начислено»): the sum of all lines but `RECALCULATION`.",
        ),
        FileColumn(
            "recalculated",
            MONEY,
            "Corrections of earlier months («перерасчёт»): the sum of such lines.",
        ),
        FileColumn(
            "penalty",
            MONEY,
            "For paying late («пени»), the sum of `invoice_penalties`; negative where more was"
            " written off than accrued.",
        ),
        FileColumn(
            "paid",
            MONEY,
            "Received during the month («оплачено»); negative where more was given back.",
        ),
        FileColumn("closing_balance", MONEY, "Owed when the month ended («исходящее сальдо»)."),
        FileColumn(
            "closing_penalty",
            MONEY,
            "How much of `closing_balance` is penalty; empty: not told, and counted as none. A"
            " receipt shows the sum without it («без пени»).",
            required=False,
        ),
        FileColumn(
            "closing_on",
            DAY,
            "The day at whose end `closing_balance` counts; empty: the month's last day. It is the"
            " account's balance until a newer one comes: of a later bill, or of a snapshot"
            " (`balances`).",
            required=False,
        ),
        FileColumn(
            "consumption_kwh",
            decimal(9, 3, is_signed=True),
            "Kilowatt-hours of the month («расход»).",
        ),
        FileColumn(
            "gis_document_id",
            matching(".{18}", "18 characters"),
            "The document's id in ГИС ЖКХ («идентификатор платёжного документа»).",
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
    ),
    unique=("number",),
    computed=(Computed("unpaid", "0::bigint"),),
    stamp="data_as_of",
    sums=("charged", "recalculated", "penalty", "paid", "closing_balance"),
)


def _differs(total: str, parts: str, condition: str) -> str:
    """Query of bills whose `total` differs from the sum of their parts under the condition."""
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
    "Bills with all that belongs to them, and balances",
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


_PAYMENTS = Records(
    name="payments",
    table="received_payment",
    description="Money that billing has posted («оплаты»). It changes no balance by itself: send"
    " `balances` along. A row is all that is posted under its number: a payment that is posted in"
    " pieces comes again with their sum, one that is taken back with 0.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn(
            "external_id",
            identifier(60),
            "Billing's number of the payment, for ever the same; of one that was made in the"
            " cabinet the number that `lk export payments` has written. With the exported account"
            " and amount it acknowledges the payment; with others it is a difference for staff.",
        ),
        FileColumn("paid_on", DAY, "The day of the payment."),
        FileColumn(
            "amount",
            MONEY,
            "How much; negative for money given back, 0 where nothing is posted any more.",
        ),
        FileColumn(
            "agent", text(100), "Through whom it came: a bank, the post office, the cabinet."
        ),
    ),
    key=("external_id",),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    lookups=(
        Lookup(
            "invoice_id",
            "SELECT i.id FROM invoice i WHERE i.account_id = x.account_id"
            " AND i.period = date_trunc('month', x.paid_on)::date",
        ),
    ),
    checks=(day_check("paid_on"),),
    sums=("amount",),
)

_PAYMENT_MOVED = """
SELECT t.account_id FROM row_payments r JOIN received_payment t ON t.id = r.id
WHERE NOT r.is_stale AND (t.account_id <> r.account_id OR r.amount < t.amount)
"""

PAYMENTS = ImportFormat(
    ImportKind.PAYMENTS,
    "Received payments and balances",
    (_PAYMENTS, BALANCES),
    set_checks=(
        zeros_lost(
            "payments", "received_payment", "external_id", same="t.account_id = r.account_id"
        ),
    ),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.PAYMENT_MOVED,
            "a payment goes to another account, or gets a smaller amount",
            _PAYMENT_MOVED,
        ),
        balance_cleared(has_bills=False),
    ),
    divided_by="account_id",
)
