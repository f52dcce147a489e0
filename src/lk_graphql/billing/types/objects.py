"""Bills, balances and received payments as clients see them."""

from datetime import date, datetime

from lk_graphql.accounts.types.objects import Account
from lk_graphql.billing import models
from lk_graphql.billing.service import explanation, invoice_status
from lk_graphql.billing.types.explanation import InvoiceExplanation, explain
from lk_graphql.billing.types.parts import (
    OF_ITS_OWN_ACCOUNT,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
)
from lk_graphql.billing.types.paying import (
    PAYABLE_IN_SQL,
    PRINTABLE_IN_SQL,
    qr_payload,
    receipt_url,
)
from lk_graphql.reads.declare import Node, choices, column, derived, expression, reads, related
from lk_graphql.reads.scalars import Money, Period, Quantity, Url

InvoiceStatus = choices(
    invoice_status.InvoiceStatus,
    "Whether a bill is still to pay; every payment goes to the oldest debt first.",
    PAID="Nothing of it is open.",
    PARTLY_PAID="A part of it is open, and it isn't late yet.",
    DUE="All of it is open, and it isn't late yet.",
    OVERDUE="Something of it is open after the day by which it had to be paid.",
)


VAT_PERCENT = """
SELECT v.percent FROM vat_rate v WHERE v.valid_from < {period} + interval '1 month'
ORDER BY v.valid_from DESC LIMIT 1"""
VAT_INCLUDED = """
SELECT round(({charged} + {recalculated}) * v.percent / (100 + v.percent)) FROM vat_rate v
WHERE v.valid_from < {period} + interval '1 month' ORDER BY v.valid_from DESC LIMIT 1"""


def month_total(charged: int, recalculated: int, penalty: int) -> int:
    return charged + recalculated + penalty


@reads(models.AccountBalance)
class AccountBalance:
    """What an account owes, or has paid ahead, as the billing system last said («сальдо»)."""

    debt: Money = column("Owed for energy («задолженность»). Never negative.")
    penalty: Money = column("Owed as penalty («пени»). Never negative.")
    overpayment: Money = column("Paid ahead («переплата»). Never negative.")
    as_of: datetime = column("As of when; later payments aren't in it yet.")


@reads(models.ReceivedPayment, prefix="rcv", owned_through="account__links__user")
class ReceivedPayment(Node):
    """Money that the billing system has posted to an account, by whatever way it came."""

    paid_on: date = column("The day of the payment.")
    amount: Money = column("How much.")
    agent: str = column("Through whom it came: a bank, the post office, this cabinet.")


@reads(models.Invoice, prefix="inv", owned_through="account__links__user")
class Invoice(Node):
    """A bill for one account and one month («счёт», «квитанция»).

    `openingBalance + charged + recalculated + penalty - paid = closingBalance`. A balance is
    positive when the customer owes, negative when money was paid ahead.
    """

    number: str = column("The document's number.")
    period: Period = column("The month that is billed («расчётный период»).")
    issued_on: date = column("When it was issued.")
    due_on: date = column("The last day to pay without penalty.")
    opening_balance: Money = column("Owed when the month began («входящее сальдо»).")
    charged: Money = column("For the month's energy («начислено»).")
    recalculated: Money = column("Corrections of earlier months («перерасчёт»); may be negative.")
    penalty: Money = column("For paying late («пени»).")
    total: Money = expression(
        "What the month comes to: charged, recalculated and penalty («итого за период»).",
        sql="{charged} + {recalculated} + {penalty}",
        python=month_total,
    )
    paid: Money = column("Received during the month («оплачено»).")
    closing_balance: Money = column("Owed when the month ended («исходящее сальдо»).")
    unpaid: Money = column(
        "What is open of `total` by now, when every payment goes to the oldest debt first."
    )
    status: invoice_status.InvoiceStatus = expression(
        "Whether it is still to pay.",
        sql=invoice_status.IN_SQL,
        python=invoice_status.invoice_status,
    )
    consumption_kwh: Quantity = column("Kilowatt-hours of the month, all zones («расход»).")
    vat_percent: Quantity | None = expression(
        "The VAT in its prices, at the month's end («ставка НДС»).", sql=VAT_PERCENT
    )
    vat_included: Money | None = expression(
        "The VAT in what was charged and recalculated; a penalty has none («в том числе НДС»).",
        sql=VAT_INCLUDED,
    )
    gis_document_id: str | None = column(
        "The document's identifier in ГИС ЖКХ («идентификатор платёжного документа»)."
    )
    qr_payload: str | None = derived(
        "What a bank's app reads from the receipt's code (ГОСТ Р 56042-2014), with what is open by"
        " now of this bill and those before; null when nothing is, or no requisites are published.",
        qr_payload,
        payable=PAYABLE_IN_SQL,
    )
    receipt_url: Url | None = derived(
        "Where to download the receipt («квитанция», PDF, one page): good for an hour, as long as"
        " you have the account; null before the supplier's requisites are published.",
        receipt_url,
        printable=PRINTABLE_IN_SQL,
    )
    explanation: InvoiceExplanation | None = derived(
        "Why `total` differs from the bill before; null for the first.",
        explain,
        bills=explanation.BILLS_IN_SQL,
    )
    account: Account = related("Whose bill it is.")
    lines: list[InvoiceLine] = related("What was charged, line by line.", order_by="position")
    readings: list[InvoiceReading] = related(
        "The readings that it was made of.", order_by="register_id"
    )
    penalties: list[InvoicePenalty] = related("How the penalty came about.", order_by="position")
    payments: list[ReceivedPayment] = related(
        "The payments received during the month.", order_by="paid_on", because=OF_ITS_OWN_ACCOUNT
    )
