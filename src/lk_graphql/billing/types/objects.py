"""Bills, balances, payments and the supplier as GraphQL types."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter

from lk_graphql.accounts.types.objects import Account, visible_day_policy, visible_month_policy
from lk_graphql.billing import models
from lk_graphql.billing.service import explanation, invoices
from lk_graphql.billing.service.charges import CATEGORY_SQL, VAT_INCLUDED_SQL, VAT_PERCENT_SQL
from lk_graphql.billing.service.payment_code import BillPayment, PayeeDetails, payment_code
from lk_graphql.billing.service.receipts.storage import ROUTE
from lk_graphql.billing.types.explanation import InvoiceExplanation, explain
from lk_graphql.kit.company import Company
from lk_graphql.kit.dated_rows import newest_sql
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day_sql
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
    inn: str = column("The taxpayer identification number («ИНН»).")
    kpp: str | None = column("The tax registration reason code («КПП»); null for a sole trader.")
    ogrn: str = column("The primary state registration number («ОГРН»).")
    bank_name: str = column("The name of the bank («банк получателя»).")
    bic: str = column("The bank identification code («БИК»).")
    bank_account: str = column("The bank account to pay into («расчётный счёт»).", of="account")
    correspondent_account: str = column(
        "The bank's correspondent account («корр. счёт»); `0` if it has none."
    )
    address: str = column("The supplier's address.")
    phone: str = column("The supplier's telephone number.")
    emergency_phone: str | None = column(
        "The telephone number for power outages («аварийная служба»)."
    )
    email: str | None = column("The supplier's e-mail address.")
    site: str | None = column("The supplier's web site.")
    office_hours: str = column("The opening hours of the offices, as printed («часы приёма»).")


InvoiceLineKind = choices(
    models.LineKind,
    "The kind of a bill's line.",
    ENERGY="Energy of the month by zone and range («начисление»).",
    RAISING_FACTOR="The surcharge of a factor on a charge by the norm («повышающий коэффициент»).",
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
    "The basis of a billed volume.",
    METER="Readings («по показаниям»).",
    AVERAGE="The household's own average, for lack of a reading («по среднему»).",
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
    "The reason for correcting earlier months («причина перерасчёта»).",
    READING_CORRECTED="A wrong reading was corrected («исправлено показание»).",
    ESTIMATE_CORRECTED="Readings have replaced estimates.",
    METER_CHECKED="The meter was checked («акт проверки прибора учёта»).",
    SUPPLY_INTERRUPTED="The supply was interrupted for longer than allowed, or of bad quality.",
    TARIFF_CORRECTED="Another tariff or tariff category applies.",
    TEMPORARY_ABSENCE="The residents were temporarily absent; only where the norm is billed.",
    OTHER="Another reason, described in `reason`.",
)
labels(
    models.RecalculationReason,
    READING_CORRECTED=("Исправлено показание", "A reading was corrected"),
    ESTIMATE_CORRECTED=("Показания вместо расчёта", "Readings instead of an estimate"),
    METER_CHECKED=("Проверка прибора учёта", "The meter was checked"),
    SUPPLY_INTERRUPTED=(
        "Перерывы или плохое качество электроэнергии",
        "Interruption or poor quality of supply",
    ),
    TARIFF_CORRECTED=("Исправлен тариф", "The tariff was corrected"),
    TEMPORARY_ABSENCE=("Временное отсутствие", "Temporary absence"),
    OTHER=("Другая причина", "Another reason"),
)


policy(models.Invoice, visible_month_policy("account", "period"))
policy(models.InvoiceLine, visible_month_policy("invoice__account", "invoice__period"))
policy(models.ReceivedPayment, visible_day_policy("account", "paid_on"))
unrestricted(models.AccountBalance, "it is that of today, and the account's")

OF_ITS_OWN_ACCOUNT = "the billing system makes a bill of one account's registers and payments"
_CATEGORY = CATEGORY_SQL.format(
    account="{invoice__account_id}",
    period="{invoice__period}",
    current="{invoice__account__tariff_category}",
)
TARIFF_ORDER_SQL = newest_sql(
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

    kind: models.LineKind = column(
        "The kind of line: energy, a raising factor, or a recalculation."
    )
    service: str = column("The name of the service («услуга»).")
    zone: Zone | None = column("The tariff zone (time of day); null for a recalculation.")
    range_number: int | None = column(
        "The range of consumption, 1 to 3 («диапазон»); null if there are no ranges."
    )
    basis: models.VolumeBasis | None = column(
        "The basis of the volume; null if there is none, or the billing system doesn't report it."
    )
    factor: Quantity | None = column(
        "The raising factor; null on other lines («повышающий коэффициент»)."
    )
    quantity_kwh: Quantity | None = column(
        "The volume in kilowatt-hours; null if none was counted."
    )
    rubles_per_kwh: Quantity | None = column(
        "The tariff in rubles per kilowatt-hour, VAT included («тариф»)."
    )
    tariff_order: str | None = expression(
        "The order that set the tariff («тарифное решение»); null if the cabinet has no matching "
        "tariff.",
        sql=TARIFF_ORDER_SQL,
    )
    amount: Money = column("The amount of the line; may be negative for a recalculation.")
    reason: str | None = column(
        "The reason for the recalculation, in the billing system's words («основание перерасчёта»)."
    )
    reason_code: models.RecalculationReason | None = column(
        "The reason as a code; null on other lines, and if the billing system doesn't report it."
    )
    corrects_from: Period | None = column(
        "The first month that a recalculation corrects; null if not reported."
    )
    corrects_to: Period | None = column("The last month that a recalculation corrects.")
    document: str | None = column(
        "The document on which a recalculation is based, such as an act («основание»)."
    )


@reads(models.InvoiceLine, prefix="iln", owned_through="invoice__account__links__user")
class InvoiceLine(InvoiceLineFields, Node):
    """A charge for one zone and range, or a recalculation and its reason.

    A corrected bill has new lines, with other ids.
    """


@reads(models.InvoiceReading)
class InvoiceReading:
    """The two readings of a register behind a bill, and the consumption between them."""

    meter_serial: str = column("The serial number of the meter.", of="register__meter__serial")
    meter_register: Register = related(
        "The register of the meter.", of="register", unsafe_reason=OF_ITS_OWN_ACCOUNT
    )
    previous: Reading | None = related(
        "The reading at the start; null for an estimated month, and if it was taken in the time of"
        " an earlier holder.",
        unsafe_reason=OF_ITS_OWN_ACCOUNT,
    )
    current: Reading | None = related(
        "The reading at the end; null in the same cases.", unsafe_reason=OF_ITS_OWN_ACCOUNT
    )
    consumption_kwh: Quantity = column(
        "The consumption in kilowatt-hours, the meter's ratio included («расход»)."
    )


@reads(models.InvoicePenalty)
class InvoicePenalty:
    """The penalty for days of one debt at one rate («расчёт пени», ЖК РФ, ст. 155 ч. 14)."""

    for_period: Period = column("The month of the bill that was paid late.")
    debt: Money = column("The debt on these days.")
    first_day: date = column("The first day of the debt at this rate.")
    last_day: date = column("The last day of the debt at this rate.")
    rate_percent: Quantity = column("The key rate, or the cap on it, in percent a year.")
    days: int = expression(
        "The number of days, the first and the last included.",
        sql="{last_day} - {first_day} + 1",
        python=days_between,
    )
    divisor: int = column("The divisor of the rate for each day of delay: 300, after 90 days 130.")
    amount: Money = column("The penalty for these days.")


_PAYEE_TODAY = newest_sql(
    "s.name, s.account, s.bank_name, s.bic, s.correspondent_account, s.inn, s.kpp",
    "supplier s",
    "{today}",
    start="s.valid_from",
)
PAYABLE_SQL = f"""
SELECT json_build_object(
  'open', (SELECT o.debt + o.penalty FROM ({invoices.OPEN_THROUGH_SQL}) o),
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


PRINTABLE_SQL = """
SELECT to_json(count(*)) FROM supplier s WHERE s.valid_from <= {issued_on}"""
"""The number of requisites published by the day of issue; 0: no receipt."""


def receipt_url(pk: UUID, printable: int, file_urls: FileUrls) -> str | None:
    if not printable:
        return None
    return file_urls.of(ROUTE, pk)


InvoiceStatus = choices(
    invoices.InvoiceStatus,
    "The payment status of a bill. Every payment goes to the oldest debt first. Payments in the "
    "cabinet count at once.",
    PAID="Nothing is open, in the cabinet or in the billing system's books.",
    PROCESSING="Paid in the cabinet; not yet posted by the billing system («оплачен»).",
    PARTLY_PAID="A part is open and not overdue.",
    DUE="The whole bill is open and not overdue.",
    OVERDUE="At least a part is open after the due date.",
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
    """The debt or advance of an account as last reported by the billing system («сальдо»)."""

    debt: Money = column("The debt for energy («задолженность»). Never negative.")
    penalty: Money = column("The penalty owed («пени»). Never negative.")
    overpayment: Money = column("The amount paid in advance («переплата»). Never negative.")
    as_of: datetime = column("The date and time of the balance; later payments aren't included.")
    amount_due: Money = expression(
        "The amount to pay: debt and penalty, less `overpayment` and `processing` («к оплате»). "
        "Never negative.",
        sql=invoices.AMOUNT_DUE_SQL,
    )
    processing: Money = expression(
        "The amount paid in the cabinet and not yet posted by the billing system («в обработке»); "
        "negative while a refund is on its way to the billing system.",
        sql=invoices.PROCESSING_SQL,
    )


@reads(models.ReceivedPayment, prefix="rcv", owned_through="account__links__user")
class ReceivedPayment(Node):
    """Money that the billing system has posted to an account, through any channel."""

    paid_on: date = column("The day of the payment.")
    amount: Money = column(
        "The amount of the payment; negative for a refund, 0 if the billing system has reversed it."
    )
    agent: str = column("The channel of the payment: a bank, the post office, this cabinet.")


@reads(models.Invoice, prefix="inv", owned_through="account__links__user")
class Invoice(Node):
    """A bill for one account and one month («счёт», «квитанция»).

    `openingBalance + charged + recalculated + penalty - paid = closingBalance`. A balance is
    positive when the customer owes, negative when money was paid ahead.
    """

    number: str = column("The number of the document.")
    period: Period = column("The billed month («расчётный период»).")
    issued_on: date = column("The date of issue.")
    due_on: date = column("The last day to pay without penalty.")
    opening_balance: Money = column(
        "The balance at the beginning of the month («входящее сальдо»)."
    )
    charged: Money = column("The charges for the month's energy («начислено»).")
    recalculated: Money = column("Corrections of earlier months («перерасчёт»); may be negative.")
    penalty: Money = column(
        "The penalty for late payment («пени»); negative if more was written off than accrued."
    )
    total: Money = expression(
        "The total of the month: charged, recalculated and penalty («итого за период»).",
        sql="{charged} + {recalculated} + {penalty}",
        python=month_total,
    )
    paid: Money = column(
        "The amount received during the month («оплачено»); negative if more was refunded."
    )
    closing_balance: Money = column("The balance at the end of the month («исходящее сальдо»).")
    closing_penalty: Money | None = column(
        "The part of `closingBalance` that is penalty; null if the billing system doesn't report "
        "it."
    )
    unpaid: Money = column(
        "The unpaid part of this bill in the billing system: of `charged + recalculated`, and of "
        "`penalty`. Payments settle the oldest debt first. If one of the two sums is negative, it "
        "reduces other bills; `unpaid` may exceed `total` then."
    )
    processing: Money = expression(
        "The part of `unpaid` paid in the cabinet and not yet posted («в обработке»); negative "
        "while a refund is on its way to the billing system.",
        sql=invoices.INVOICE_PROCESSING_SQL,
    )
    amount_due: Money = expression(
        "The part of the month to pay now: `unpaid` less `processing` («к оплате»). The bills "
        "of an account and its debts that no bill explains add up to its balance's `amountDue`.",
        sql=invoices.INVOICE_DUE_SQL,
    )
    status: invoices.InvoiceStatus = expression(
        "The payment status of the bill.", sql=invoices.STATUS_SQL
    )
    consumption_kwh: Quantity = column(
        "The consumption of the month in kilowatt-hours, all zones («расход»)."
    )
    vat_percent: Quantity | None = expression(
        "The VAT rate included in the prices, in percent, at the end of the month («ставка НДС»).",
        sql=VAT_PERCENT_SQL,
    )
    vat_included: Money | None = expression(
        "The VAT included in `charged` and `recalculated`; a penalty has none («в том числе "
        "НДС»). A correction of earlier months has the rate of those months.",
        sql=VAT_INCLUDED_SQL,
    )
    gis_document_id: str | None = column(
        "The document's identifier in ГИС ЖКХ («идентификатор платёжного документа»)."
    )
    qr_payload: str | None = derived(
        "The content of the receipt's payment code for banking apps (ГОСТ Р 56042-2014), with the "
        "amount due now of this bill and all older ones; null if nothing is due, or no requisites "
        "are published.",
        qr_payload,
        payable=PAYABLE_SQL,
    )
    receipt_url: Url | None = derived(
        "The download link of the receipt («квитанция», PDF, one page): valid for an hour, while "
        "this session lasts and the account is linked; null until the supplier's requisites are "
        "published.",
        receipt_url,
        printable=PRINTABLE_SQL,
    )
    previous: "Invoice | None" = reference(
        "The account's previous bill, with which `explanation` compares; null for the holder's "
        "first.",
        sql=explanation.PREVIOUS_SQL,
    )
    explanation: InvoiceExplanation | None = derived(
        "The explanation of the change of `total` since the previous bill; null for the holder's "
        "first.",
        explain,
        bills=explanation.BILLS_SQL,
    )
    account: Account = related("The account that is billed.")
    lines: list[InvoiceLine] = related("The lines of the bill, in order.", order_by="position")
    readings: list[InvoiceReading] = related(
        "The readings on which the bill is based.", order_by="register_id"
    )
    penalties: list[InvoicePenalty] = related(
        "The calculation of the penalty.", order_by="position"
    )
    payments: list[ReceivedPayment] = related(
        "The payments received during the month.",
        order_by="paid_on",
        unsafe_reason=OF_ITS_OWN_ACCOUNT,
    )


@extends(InvoiceLine)
class LineInvoice:
    """The bill of a line."""

    invoice: Invoice | None = related("The bill with this line.")
