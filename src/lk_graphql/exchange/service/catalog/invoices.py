"""Import files of bills with their parts, and of received payments."""

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.records import (
    ACCOUNT_COLUMN,
    BALANCES,
    DAY,
    METER_COLUMN,
    MONEY,
    MONTH,
    OF_ACCOUNT,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    Check,
    Column,
    Computed,
    Kind,
    Part,
    Records,
    SetCheck,
    Sought,
    choice,
    decimal,
    integer,
    matching,
    text,
)
from lk_graphql.metering.models import Zone

_INVOICE_COLUMN = Column("invoice", text(40), "The bill's number, as in `invoices`.", into=None)
_OF_INVOICE = Part(
    "invoices",
    ("invoice",),
    ("number",),
    "invoice_id",
    "SELECT id, number AS invoice FROM invoice",
)
_POSITION = Column("position", integer(1, 9999), "Its place on the bill, from 1.")

_CORRECTED = (
    Column(
        "reason_code",
        choice(RecalculationReason),
        "Why it was recalculated; of a recalculation only, as what follows.",
        required=False,
    ),
    Column("corrects_from", MONTH, "The first month that it corrects.", required=False),
    Column("corrects_to", MONTH, "The last such month, or the same.", required=False),
    Column("document", text(200), "The document that it rests on: an act.", required=False),
)

LINES = Records(
    name="invoice_lines",
    table="invoice_line",
    says="What was charged, line by line.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        Column("kind", choice(LineKind), "Energy of the month, or a correction."),
        Column("service", text(100), "What it is for («услуга»)."),
        Column("zone", choice(Zone), "The time of day; empty for a correction.", required=False),
        Column("range_number", integer(1, 9), "The range («диапазон»).", required=False),
        Column("quantity_kwh", decimal(9, 3, signed=True), "Kilowatt-hours.", required=False),
        Column("rubles_per_kwh", decimal(5, 5), "The tariff, VAT included.", required=False),
        Column("amount", MONEY, "What it comes to."),
        Column("reason", text(300), "Why it was recalculated, in words.", required=False),
        Column(
            "basis",
            choice(VolumeBasis),
            "What energy's volume rests on, if it is told.",
            required=False,
        ),
        Column(
            "factor",
            decimal(2, 2),
            "The raising factor («повышающий коэффициент»), exactly for a line of that kind.",
            required=False,
        ),
        *_CORRECTED,
    ),
    key=("invoice_id", "position"),
    checks=(
        Check("REQUIRED", "factor", "r.kind = 'RAISING_FACTOR' AND r.factor IS NULL"),
        Check("NOT_OF_THIS_KIND", "factor", "r.kind <> 'RAISING_FACTOR' AND r.factor IS NOT NULL"),
        Check("BELOW_ONE", "factor", "r.factor < 1"),
        Check("NOT_OF_THIS_KIND", "basis", "r.kind <> 'ENERGY' AND r.basis IS NOT NULL"),
        *(
            Check(
                "NOT_OF_THIS_KIND",
                one.name,
                f"r.kind <> 'RECALCULATION' AND r.{one.name} IS NOT NULL",
            )
            for one in _CORRECTED
        ),
        Check("REQUIRED", "corrects_from", "r.corrects_from IS NULL AND r.corrects_to IS NOT NULL"),
        Check("REQUIRED", "corrects_to", "r.corrects_to IS NULL AND r.corrects_from IS NOT NULL"),
        Check("ENDS_BEFORE_IT_BEGINS", "corrects_to", "r.corrects_to < r.corrects_from"),
    ),
    part_of=_OF_INVOICE,
    sums=("amount",),
)

PENALTIES = Records(
    name="invoice_penalties",
    table="invoice_penalty",
    says="How a penalty came about: days of one debt at one rate.",
    columns=(
        _INVOICE_COLUMN,
        _POSITION,
        Column("for_period", MONTH, "The month whose bill was paid late."),
        Column("debt", MONEY, "What was owed on these days."),
        Column("first_day", DAY, "The first of these days."),
        Column("last_day", DAY, "The last of these days."),
        Column("rate_percent", decimal(3, 3), "The rate, in percent a year."),
        Column("divisor", integer(1, 999), "Which part of the rate a day costs: 300 or 130."),
        Column("amount", MONEY, "What they come to."),
    ),
    key=("invoice_id", "position"),
    checks=(Check("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
    part_of=_OF_INVOICE,
    sums=("amount",),
)


def _reading_on(column: str) -> Sought:
    """The accepted reading of the register that was taken on the day in `column`."""
    return Sought(
        column.removesuffix("_on") + "_id",
        "SELECT g.id FROM reading g WHERE g.register_id = x.register_id"
        f" AND g.taken_on = x.{column} AND g.state = 'ACCEPTED' ORDER BY g.period DESC LIMIT 1",
        column,
        "READING_UNKNOWN",
    )


def _taken_on(column: str) -> str:
    return f"(SELECT g.taken_on::text FROM reading g WHERE g.id = t.{column}_id)"


READINGS = Records(
    name="invoice_readings",
    table="invoice_reading",
    says="Which two readings of a register went into a bill. The readings come with"
    " `lk import readings`, before the bills.",
    columns=(
        _INVOICE_COLUMN,
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        Column(
            "previous_on",
            DAY,
            "When the reading at the start was taken; empty for an estimated month.",
            required=False,
            into=None,
            shown=_taken_on("previous"),
        ),
        Column(
            "current_on",
            DAY,
            "When the reading at the end was taken; likewise.",
            required=False,
            into=None,
            shown=_taken_on("current"),
        ),
        Column(
            "consumption_kwh",
            decimal(9, 3, signed=True),
            "Kilowatt-hours, the meter's ratio included; negative after too high estimates.",
        ),
    ),
    key=("invoice_id", "register_id"),
    references=(OF_REGISTER,),
    sought=(_reading_on("previous_on"), _reading_on("current_on")),
    part_of=_OF_INVOICE,
)


_INVOICES = Records(
    name="invoices",
    table="invoice",
    says="Bills («квитанции»), one for an account and a month. A bill that comes again replaces"
    " the one before, with all its lines. Each has to add up: opening_balance + charged +"
    " recalculated + penalty - paid = closing_balance; owed is positive, paid ahead negative.",
    columns=(
        ACCOUNT_COLUMN,
        Column("number", text(40), "The document's number."),
        Column("period", MONTH, "The billed month («расчётный период»)."),
        Column("issued_on", DAY, "When it was issued."),
        Column("due_on", DAY, "The last day to pay without penalty."),
        Column("opening_balance", MONEY, "Owed when the month began («входящее сальдо»)."),
        Column("charged", MONEY, "For the month's energy («начислено»): the sum of such lines."),
        Column("recalculated", MONEY, "Corrections of earlier months («перерасчёт»): likewise."),
        Column("penalty", MONEY, "For paying late («пени»), the sum of `invoice_penalties`."),
        Column("paid", MONEY, "Received during the month («оплачено»)."),
        Column("closing_balance", MONEY, "Owed when the month ended («исходящее сальдо»)."),
        Column(
            "closing_penalty",
            MONEY,
            "How much of `closing_balance` is penalty. Until a newer snapshot comes (`balances`),"
            " the balance that the newest bill ends with is the account's.",
            required=False,
            into=None,
            default="0",
            shown="''",
        ),
        Column(
            "consumption_kwh",
            decimal(9, 3, signed=True),
            "Kilowatt-hours of the month («расход»).",
        ),
        Column(
            "gis_document_id",
            matching(".{18}", "18 characters"),
            "The document's id in ГИС ЖКХ («идентификатор платёжного документа»).",
            required=False,
        ),
    ),
    key=("account_id", "period"),
    references=(OF_ACCOUNT,),
    checks=(
        Check(
            "DOESNT_ADD_UP",
            "closing_balance",
            "r.opening_balance + r.charged + r.recalculated + r.penalty - r.paid"
            " <> r.closing_balance",
        ),
        Check("NEGATIVE", "penalty", "r.penalty < 0"),
        Check(
            "NOT_A_PART",
            "closing_penalty",
            "r.closing_penalty < 0 OR r.closing_penalty > greatest(r.closing_balance, 0)",
        ),
    ),
    unique=("number",),
    computed=(Computed("unpaid", "0::bigint"),),
    stamp="data_as_of",
    sums=("charged", "recalculated", "penalty", "paid", "closing_balance"),
)


def _differs(total: str, parts: str, condition: str) -> str:
    """Bills whose `total` isn't the sum of their parts for which the condition holds."""
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

INVOICES = Kind(
    ImportKind.INVOICES,
    "Bills with all that belongs to them, and balances",
    (_INVOICES, LINES, PENALTIES, READINGS, BALANCES),
    set_checks=tuple(
        SetCheck("invoices", "PARTS_DONT_ADD_UP", total, _differs(total, parts, condition))
        for total, parts, condition in _SUMS
    ),
)


_PAYMENTS = Records(
    name="payments",
    table="received_payment",
    says="Money that billing has posted («оплаты»). It changes no balance by itself: send"
    " `balances` along.",
    columns=(
        ACCOUNT_COLUMN,
        Column(
            "external_id",
            text(60),
            "Billing's number of the payment, for ever the same; of one that was made in the"
            " cabinet the number that `lk export payments` has written, which acknowledges it.",
        ),
        Column("paid_on", DAY, "The day of the payment."),
        Column("amount", MONEY, "How much."),
        Column("agent", text(100), "Through whom it came: a bank, the post office, the cabinet."),
    ),
    key=("external_id",),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    sought=(
        Sought(
            "invoice_id",
            "SELECT i.id FROM invoice i WHERE i.account_id = x.account_id"
            " AND i.period = date_trunc('month', x.paid_on)::date",
        ),
    ),
    checks=(Check("NOT_POSITIVE", "amount", "r.amount <= 0"),),
    sums=("amount",),
)

PAYMENTS = Kind(ImportKind.PAYMENTS, "Received payments and balances", (_PAYMENTS, BALANCES))
