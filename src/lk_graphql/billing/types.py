"""Bills, balances and received payments as clients see them."""

from datetime import date, datetime

from lk_graphql.accounts.types.objects import Account
from lk_graphql.billing import models
from lk_graphql.billing.service import invoice_status
from lk_graphql.metering.models import Zone
from lk_graphql.metering.types.objects import Reading, Register
from lk_graphql.reads.declare import Node, choices, column, expression, reads, related
from lk_graphql.reads.scalars import Money, Period, Quantity

InvoiceStatus = choices(
    invoice_status.InvoiceStatus,
    "Whether a bill is still to pay; every payment goes to the oldest debt first.",
    PAID="Nothing of it is open.",
    PARTLY_PAID="A part of it is open, and it isn't late yet.",
    DUE="All of it is open, and it isn't late yet.",
    OVERDUE="Something of it is open after the day by which it had to be paid.",
)
InvoiceLineKind = choices(
    models.LineKind,
    "What a line of a bill is.",
    ENERGY="Energy of the month by zone and range («начисление»).",
    RECALCULATION="A correction of earlier months («перерасчёт»).",
)


OF_ITS_OWN_ACCOUNT = "the billing system makes a bill of one account's registers and payments"


def amount_due(debt: int, penalty: int) -> int:
    return debt + penalty


def month_total(charged: int, recalculated: int, penalty: int) -> int:
    return charged + recalculated + penalty


@reads(models.AccountBalance)
class AccountBalance:
    """What an account owes, or has paid ahead, as the billing system last said («сальдо»)."""

    amount_due: Money = expression(
        "To pay: debt and penalty together («к оплате»). Never negative.",
        sql="{debt} + {penalty}",
        python=amount_due,
    )
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


@reads(models.InvoiceLine)
class InvoiceLine:
    """What was charged for one zone and range, or recalculated and why."""

    kind: models.LineKind = column("Energy, or a recalculation.")
    service: str = column("What it is for («услуга»).")
    zone: Zone | None = column("The time of day; null for a recalculation.")
    range_number: int | None = column(
        "The range of consumption, 1 to 3 («диапазон»); null where there are none."
    )
    quantity_kwh: Quantity | None = column("Kilowatt-hours; null where none were counted.")
    rubles_per_kwh: Quantity | None = column("The tariff, VAT included («тариф»).")
    amount: Money = column("What it comes to; a recalculation may be negative.")
    reason: str | None = column("Why it was recalculated («основание перерасчёта»).")


@reads(models.InvoiceReading)
class InvoiceReading:
    """The two readings of a register that went into a bill, and what lay between them."""

    meter_serial: str = column("The meter's number.", of="register__meter__serial")
    meter_register: Register = related(
        "Which of its registers.", of="register", because=OF_ITS_OWN_ACCOUNT
    )
    previous: Reading | None = related(
        "The reading at the start; null for an estimated month.", because=OF_ITS_OWN_ACCOUNT
    )
    current: Reading | None = related(
        "The reading at the end; null for an estimated month.", because=OF_ITS_OWN_ACCOUNT
    )
    consumption_kwh: Quantity = column("Kilowatt-hours, the meter's ratio included («расход»).")


@reads(models.InvoicePenalty)
class InvoicePenalty:
    """Days of one debt at one rate («расчёт пени», ЖК РФ, ст. 155 ч. 14)."""

    for_period: Period = column("The month whose bill was paid late.")
    debt: Money = column("What was owed on these days.")
    first_day: date = column("The first of these days.")
    last_day: date = column("The last of these days.")
    rate_percent: Quantity = column("The key rate, or the cap on it, in percent a year.")
    divisor: int = column("Which part of the rate a day costs: 1/300, after 90 days 1/130.")
    amount: Money = column("What they come to.")


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
    account: Account = related("Whose bill it is.")
    lines: list[InvoiceLine] = related("What was charged, line by line.", order_by="position")
    readings: list[InvoiceReading] = related(
        "The readings that it was made of.", order_by="register_id"
    )
    penalties: list[InvoicePenalty] = related("How the penalty came about.", order_by="position")
    payments: list[ReceivedPayment] = related(
        "The payments received during the month.", order_by="paid_on", because=OF_ITS_OWN_ACCOUNT
    )
