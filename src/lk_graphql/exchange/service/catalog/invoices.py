"""Bills, with the sums of their parts."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.invoice_parts import LINES, PENALTIES, READINGS
from lk_graphql.exchange.service.catalog.shared import ACCOUNT_COLUMN, BALANCES, OF_ACCOUNT
from lk_graphql.exchange.service.records import Check, Column, Computed, Kind, Records, SetCheck
from lk_graphql.exchange.service.values import DAY, MONEY, MONTH, decimal, matching, text

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
