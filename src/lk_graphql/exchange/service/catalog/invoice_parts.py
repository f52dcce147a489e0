"""What belongs to a bill: lines, penalties, readings."""

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.exchange.service.catalog.shared import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
)
from lk_graphql.exchange.service.records import Check, Column, Part, Records, Sought
from lk_graphql.exchange.service.values import DAY, MONEY, MONTH, choice, decimal, integer, text
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
