"""Bills, balances, payments and the supplier as GraphQL types."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter

from lk_graphql.accounts.service.account_days import CATEGORY_SQL
from lk_graphql.accounts.types.objects import Account, of_day, of_month
from lk_graphql.billing import models
from lk_graphql.billing.service import explanation, invoices
from lk_graphql.billing.service.charges import VAT_INCLUDED_IN_SQL, VAT_PERCENT_IN_SQL
from lk_graphql.billing.service.receipts.storage import ROUTE
from lk_graphql.billing.service.requisites import BillPayment, PayeeDetails, payment_code
from lk_graphql.billing.types.explanation import InvoiceExplanation, explain
from lk_graphql.kit.company import Company
from lk_graphql.kit.dated_rows import newest_sql
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day_sql
from lk_graphql.kit.signing import Signer
from lk_graphql.metering.models import Zone
from lk_graphql.metering.types.objects import Reading, Register
from lk_graphql.planner.declare.scalars import Money, Period, Quantity, Url
from lk_graphql.planner.types import (
    PUBLIC,
    Node,
    choices,
    column,
    derived,
    expression,
    extends,
    labels,
    policy,
    reads,
    reference,
    related,
    unrestricted,
)


@reads(models.Supplier, owned_through=PUBLIC)
class Supplier:
    """The supplier and its bank account («исполнитель, получатель платежа»)."""

    name: str = column("The full name («наименование получателя»).")
    inn: str = column("The taxpayer's number («ИНН»).")
    kpp: str | None = column("The «КПП»; null for a sole trader.")
    ogrn: str = column("The register's number («ОГРН»).")
    bank_name: str = column("The bank («банк получателя»).")
    bic: str = column("The bank's code («БИК»).")
    bank_account: str = column("The account to pay into («расчётный счёт»).", of="account")
    correspondent_account: str = column(
        "The bank's own account («корр. счёт»); `0` where it has none."
    )
    address: str = column("Where it sits.")
    phone: str = column("Its telephone.")
    emergency_phone: str | None = column("Whom to call without light («аварийная служба»).")
    email: str | None = column("Its e-mail.")
    site: str | None = column("Its site.")
    office_hours: str = column("When its offices are open, as it is printed («часы приёма»).")


InvoiceLineKind = choices(
    models.LineKind,
    "What a line of a bill is.",
    ENERGY="Energy of the month by zone and range («начисление»).",
    RAISING_FACTOR="What a factor adds to a charge by the norm («повышающий коэффициент»).",
    RECALCULATION="A correction of earlier months («перерасчёт»).",
)
labels(
    models.LineKind,
    ENERGY=("Начисление", "Charge"),
    RAISING_FACTOR=("Повышающий коэффициент", "Raising factor"),
    RECALCULATION=("Перерасчёт", "Recalculation"),
)
VolumeBasis = choices(
    models.VolumeBasis,
    "What a volume rests on.",
    METER="Readings («по показаниям»).",
    AVERAGE="The household's own average: nobody read the meter («по среднему»).",
    NORM="The norm for homes without readings («по нормативу»).",
)
labels(
    models.VolumeBasis,
    METER=("По показаниям", "By readings"),
    AVERAGE=("По среднему", "By the average"),
    NORM=("По нормативу", "By the norm"),
)
RecalculationReason = choices(
    models.RecalculationReason,
    "Why earlier months are corrected («причина перерасчёта»).",
    READING_CORRECTED="A reading was wrong («исправлено показание»).",
    ESTIMATE_CORRECTED="Readings have come in the place of estimates.",
    METER_CHECKED="The meter was checked («акт проверки прибора учёта»).",
    SUPPLY_INTERRUPTED="There was no electricity for longer than is allowed, or bad electricity.",
    TARIFF_CORRECTED="Another tariff holds, or another category.",
    TEMPORARY_ABSENCE="Nobody was at home; only where the norm is billed.",
    OTHER="Something else: `reason` says it.",
)
labels(
    models.RecalculationReason,
    READING_CORRECTED=("Исправлено показание", "A reading was corrected"),
    ESTIMATE_CORRECTED=("Показания вместо расчёта", "Readings instead of an estimate"),
    METER_CHECKED=("Проверка прибора учёта", "The meter was checked"),
    SUPPLY_INTERRUPTED=("Перерывы или плохое качество электроэнергии", "Interrupted or bad supply"),
    TARIFF_CORRECTED=("Исправлен тариф", "The tariff was corrected"),
    TEMPORARY_ABSENCE=("Временное отсутствие", "Temporary absence"),
    OTHER=("Другая причина", "Another reason"),
)


policy(models.Invoice, of_month("account", "period"))
policy(models.InvoiceLine, of_month("invoice__account", "invoice__period"))
policy(models.ReceivedPayment, of_day("account", "paid_on"))
unrestricted(models.AccountBalance, "it is that of today, and the account's")

OF_ITS_OWN_ACCOUNT = "the billing system makes a bill of one account's registers and payments"
_CATEGORY = CATEGORY_SQL.format(
    account="{invoice__account_id}",
    period="{invoice__period}",
    today="{invoice__account__tariff_category}",
)
TARIFF_ORDER_IN_SQL = newest_sql(
    "t.order_reference",
    "tariff t",
    last_day_sql("{invoice__period}"),
    start="t.valid_from",
    end="t.valid_to",
    held_on="{invoice__period}",
    where=f"t.category = {_CATEGORY} AND t.zone = {{zone}}"
    " AND t.range_number = {range_number} AND t.rubles_per_kwh = {rubles_per_kwh}",
)


def days_between(first_day: date, last_day: date) -> int:
    return (last_day - first_day).days + 1


class InvoiceLineFields:
    """The fields of a bill's line for customers and for staff."""

    kind: models.LineKind = column("Energy, a raising factor, or a recalculation.")
    service: str = column("What it is for («услуга»).")
    zone: Zone | None = column("The time of day; null for a recalculation.")
    range_number: int | None = column(
        "The range of consumption, 1 to 3 («диапазон»); null where there are none."
    )
    basis: models.VolumeBasis | None = column(
        "What the volume rests on; null where the billing system doesn't tell, or there is none."
    )
    factor: Quantity | None = column(
        "The raising factor; null on other lines («повышающий коэффициент»)."
    )
    quantity_kwh: Quantity | None = column("Kilowatt-hours; null where none were counted.")
    rubles_per_kwh: Quantity | None = column("The tariff, VAT included («тариф»).")
    tariff_order: str | None = expression(
        "The order that set the tariff («тарифное решение»); null where no row of ours has it.",
        sql=TARIFF_ORDER_IN_SQL,
    )
    amount: Money = column("What it comes to; a recalculation may be negative.")
    reason: str | None = column(
        "Why it was recalculated, in the billing system's words («основание перерасчёта»)."
    )
    reason_code: models.RecalculationReason | None = column(
        "Why, as a code; null on other lines, and where the billing system doesn't tell."
    )
    corrects_from: Period | None = column(
        "The first month that a recalculation corrects; null where it isn't told."
    )
    corrects_to: Period | None = column("The last such month.")
    document: str | None = column(
        "The document that a recalculation rests on, such as an act («основание»)."
    )


@reads(models.InvoiceLine, prefix="iln", owned_through="invoice__account__links__user")
class InvoiceLine(InvoiceLineFields, Node):
    """What was charged for one zone and range, or recalculated and why.

    A corrected bill has new lines, with other ids.
    """


@reads(models.InvoiceReading)
class InvoiceReading:
    """The two readings of a register that went into a bill, and what lay between them."""

    meter_serial: str = column("The meter's number.", of="register__meter__serial")
    meter_register: Register = related(
        "Which of its registers.", of="register", unsafe_reason=OF_ITS_OWN_ACCOUNT
    )
    previous: Reading | None = related(
        "The reading at the start; null for an estimated month, and if it was taken in the time of"
        " an earlier holder.",
        unsafe_reason=OF_ITS_OWN_ACCOUNT,
    )
    current: Reading | None = related(
        "The reading at the end; null likewise.", unsafe_reason=OF_ITS_OWN_ACCOUNT
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
    days: int = expression(
        "How many days these are, the first and the last included.",
        sql="{last_day} - {first_day} + 1",
        python=days_between,
    )
    divisor: int = column("Which part of the rate a day costs: 1/300, after 90 days 1/130.")
    amount: Money = column("What they come to.")


_PAYEE_TODAY = newest_sql(
    "s.name, s.account, s.bank_name, s.bic, s.correspondent_account, s.inn, s.kpp",
    "supplier s",
    "{today}",
    start="s.valid_from",
)
PAYABLE_IN_SQL = f"""
SELECT json_build_object(
  'open', (SELECT o.debt + o.penalty FROM ({invoices.OPEN_THROUGH_IN_SQL}) o),
  'payee', (SELECT row_to_json(payee) FROM ({_PAYEE_TODAY}) payee)
)"""  # noqa: S608 - constants
"""The open amount of a bill and of all that is older, and today's payee."""

_PAYEE = TypeAdapter(PayeeDetails | None, config=ConfigDict(defer_build=True))


def qr_payload(
    account__number: str,
    period: date,
    gis_document_id: str | None,
    payable: Mapping[str, Any],
    company: Company,
) -> str | None:
    amount = Kopecks(payable["open"])
    payment = BillPayment(account__number, period, amount, gis_document_id)
    payee = _PAYEE.validate_python(payable["payee"])
    return payment_code(payment, payee, period_format=company.payment_period)


PRINTABLE_IN_SQL = """
SELECT to_json(count(*)) FROM supplier s WHERE s.valid_from <= {issued_on}"""
"""The number of requisites published by the day of issue; 0: no receipt."""


def receipt_url(
    pk: UUID, session: UUID | None, now: datetime, printable: int, company: Company, links: Signer
) -> str | None:
    if not printable:
        return None
    return ROUTE.url(pk, session, now=now, public_url=company.public_url, links=links)


InvoiceStatus = choices(
    invoices.InvoiceStatus,
    "Whether a bill is still to pay; every payment goes to the oldest debt first. What was paid in"
    " the cabinet counts at once.",
    PAID="Nothing of it is open, in the billing system's books neither.",
    PROCESSING="Paid in the cabinet; the billing system hasn't posted that yet («оплачен»).",
    PARTLY_PAID="A part of it is open, and it isn't late yet.",
    DUE="All of it is open, and it isn't late yet.",
    OVERDUE="Something of it is open after the day by which it had to be paid.",
)
labels(
    invoices.InvoiceStatus,
    PAID=("Оплачен", "Paid"),
    PROCESSING=("Оплата обрабатывается", "Payment in processing"),
    PARTLY_PAID=("Оплачен частично", "Partly paid"),
    DUE=("К оплате", "To pay"),
    OVERDUE=("Просрочен", "Overdue"),
)


def month_total(charged: int, recalculated: int, penalty: int) -> int:
    return charged + recalculated + penalty


@reads(models.AccountBalance)
class AccountBalance:
    """What an account owes, or has paid ahead, as the billing system last said («сальдо»)."""

    debt: Money = column("Owed for energy («задолженность»). Never negative.")
    penalty: Money = column("Owed as penalty («пени»). Never negative.")
    overpayment: Money = column("Paid ahead («переплата»). Never negative.")
    as_of: datetime = column("As of when; later payments aren't in it yet.")
    amount_due: Money = expression(
        "To pay: debt and penalty, less `overpayment` and what is `processing` («к оплате»). Never "
        "negative.",
        sql=invoices.AMOUNT_DUE_IN_SQL,
    )
    processing: Money = expression(
        "Paid in the cabinet and not posted by the billing system yet («в обработке»); negative "
        "while a refund is on its way to it.",
        sql=invoices.PROCESSING_IN_SQL,
    )


@reads(models.ReceivedPayment, prefix="rcv", owned_through="account__links__user")
class ReceivedPayment(Node):
    """Money that the billing system has posted to an account, by whatever way it came."""

    paid_on: date = column("The day of the payment.")
    amount: Money = column(
        "How much; negative for money given back, 0 where the billing system has taken it back."
    )
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
    penalty: Money = column(
        "For paying late («пени»); negative where more was written off than accrued."
    )
    total: Money = expression(
        "What the month comes to: charged, recalculated and penalty («итого за период»).",
        sql="{charged} + {recalculated} + {penalty}",
        python=month_total,
    )
    paid: Money = column(
        "Received during the month («оплачено»); negative where more was given back."
    )
    closing_balance: Money = column("Owed when the month ended («исходящее сальдо»).")
    closing_penalty: Money | None = column(
        "How much of `closingBalance` is penalty; null where the billing system doesn't tell."
    )
    unpaid: Money = column(
        "What is open of `total` in the billing system's books, when every payment goes to the"
        " oldest debt first."
    )
    processing: Money = expression(
        "What of `unpaid` was paid in the cabinet and isn't posted yet («в обработке»); negative"
        " while a refund is on its way to the billing system.",
        sql=invoices.INVOICE_PROCESSING_IN_SQL,
    )
    amount_due: Money = expression(
        "What is to pay of `total` now: `unpaid`, less what is `processing` («к оплате»). The bills"
        " of an account, and its debts that no bill explains, add up to its balance's `amountDue`.",
        sql=invoices.INVOICE_DUE_IN_SQL,
    )
    status: invoices.InvoiceStatus = expression(
        "Whether it is still to pay.", sql=invoices.STATUS_IN_SQL
    )
    consumption_kwh: Quantity = column("Kilowatt-hours of the month, all zones («расход»).")
    vat_percent: Quantity | None = expression(
        "The VAT in its prices, at the month's end («ставка НДС»).", sql=VAT_PERCENT_IN_SQL
    )
    vat_included: Money | None = expression(
        "The VAT in what was charged and recalculated; a penalty has none («в том числе НДС»)."
        " A correction of earlier months has the rate of those months.",
        sql=VAT_INCLUDED_IN_SQL,
    )
    gis_document_id: str | None = column(
        "The document's identifier in ГИС ЖКХ («идентификатор платёжного документа»)."
    )
    qr_payload: str | None = derived(
        "What a bank's app reads from the receipt's code (ГОСТ Р 56042-2014), with what is to pay"
        " now of this bill and of all that is older; null when nothing is, or no requisites are"
        " published.",
        qr_payload,
        payable=PAYABLE_IN_SQL,
    )
    receipt_url: Url | None = derived(
        "Where to download the receipt («квитанция», PDF, one page): good for an hour, as long as"
        " this session lasts and you have the account; null before the supplier's requisites are"
        " published.",
        receipt_url,
        printable=PRINTABLE_IN_SQL,
    )
    previous: "Invoice | None" = reference(
        "The account's bill before, with which `explanation` compares; null for the first of this"
        " holder.",
        sql=explanation.PREVIOUS_IN_SQL,
    )
    explanation: InvoiceExplanation | None = derived(
        "Why `total` differs from the bill before; null for the first of this holder.",
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
        "The payments received during the month.",
        order_by="paid_on",
        unsafe_reason=OF_ITS_OWN_ACCOUNT,
    )


@extends(InvoiceLine)
class LineInvoice:
    """The bill of a line."""

    invoice: Invoice | None = related("The bill that it is part of.")
