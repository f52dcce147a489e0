"""Preview of a payment, which the customer confirms (the last section of the user manual)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import structlog

from lk_graphql.accounts.models import Account
from lk_graphql.accounts.service.account_days import is_month_visible
from lk_graphql.accounts.service.links import own_account
from lk_graphql.billing.models import Invoice, InvoiceLine, VatRate
from lk_graphql.billing.service.charges import VatRateNotFound, percent_on, vat_rates
from lk_graphql.billing.service.invoices import AccountDebt, debt_of, open_amounts
from lk_graphql.billing.service.requisites import REQUISITES, VAT_RATE
from lk_graphql.guards.requirements import Requirement, missing, row_on
from lk_graphql.identity.models import User
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.money import Kopecks, MoneyDetail, round_half_up
from lk_graphql.kit.periods import month_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments import errors
from lk_graphql.payments.models import PaymentLineKind, PaymentTerms
from lk_graphql.payments.service.receipt_lines import (
    OpenMonth,
    SettledLine,
    allocate,
    due_lines,
    group_oldest,
)
from lk_graphql.ports.acquiring import MAX_RECEIPT_LINES, VAT_RATES

log = structlog.stdlib.get_logger("lk_graphql.payments")
MAX_PARTS = 10
PAYMENT_REQUIREMENTS = (
    REQUISITES,
    VAT_RATE,
    Requirement(
        row_on("payment_terms"),
        "Нет условий оплаты (наименьшая и наибольшая сумма, комиссия) на сегодня.",
        "No terms of payments (minimum, maximum, commission) hold today.",
        "lk import rules payment_terms.csv",
    ),
)


@dataclass(frozen=True)
class PartRequest:
    """A requested payment to one account; without an amount, the amount due."""

    account_id: UUID | None
    invoice_id: UUID | None = None
    names_invoice: bool = False
    amount: Kopecks | None = None


@dataclass(frozen=True)
class PreviewedPart:
    """One account's part; `invoice` is the named bill, or else the newest.

    `lines` are the lines of the fiscal receipt; they sum to `amount`.
    """

    account: Account
    invoice: Invoice | None
    amount: Kopecks
    owed: AccountDebt
    names_invoice: bool
    lines: tuple[SettledLine, ...] = ()

    @property
    def advance(self) -> Kopecks:
        """The amount beyond the amount due."""
        advances = (line for line in self.lines if line.kind is PaymentLineKind.ADVANCE)
        return Kopecks(sum(line.amount for line in advances))


@dataclass(frozen=True)
class PreviewedPayment:
    """A payment before its start; `total` is the amount to charge to the card.

    `vat_percent` is the VAT rate of the day, which applies to the commission.
    """

    payer: User
    parts: tuple[PreviewedPart, ...]
    commission: Kopecks
    vat_percent: Decimal
    terms: PaymentTerms

    @property
    def amount(self) -> Kopecks:
        return Kopecks(sum(part.amount for part in self.parts))

    @property
    def total(self) -> Kopecks:
        return Kopecks(self.amount + self.commission)


async def preview_parts(
    viewer: Viewer, requests: Sequence[PartRequest], *, today: date
) -> PreviewedPayment:
    """Check and price a payment. Raises the refusals of `payments.errors`, of all parts at once."""
    if not 1 <= len(requests) <= MAX_PARTS:
        raise errors.PartsInvalid("parts", most=MAX_PARTS)
    terms = await terms_on(today)
    form, parts = FormErrors(), list[PreviewedPart]()
    for position, request in enumerate(requests):
        with form.field("parts", str(position)):
            part = await _part(viewer, request, terms)
            if part.account.id in {other.account.id for other in parts}:
                raise errors.AccountRepeated("accountId")
            parts.append(part)
    form.check()
    amount = sum(part.amount for part in parts)
    _check_amount(parts, terms)
    commission = round_half_up(terms.commission_percent * amount / Decimal(100))
    rates = await vat_rates()
    try:
        vat_percent = percent_on(today, rates)
        lined_parts = await _with_lines(parts, rates, today, MAX_RECEIPT_LINES - bool(commission))
    except VatRateNotFound as gap:
        raise _closed(str(gap)) from None
    lines = [line for part in lined_parts for line in part.lines]
    if not {vat_percent, *(line.vat_percent for line in lines)} <= {*VAT_RATES, None}:
        raise _closed("a rate that no fiscal receipt can state")
    payer = await User.get(id=viewer.id)
    return PreviewedPayment(payer, lined_parts, commission, vat_percent, terms)


def _closed(why: str) -> errors.PaymentsClosed:
    """Log an error in the operator's data, of which the customer learns nothing."""
    log.warning("payments are closed to a customer", why=why)
    return errors.PaymentsClosed()


async def _with_lines(
    parts: Sequence[PreviewedPart], rates: Sequence[VatRate], today: date, limit: int
) -> tuple[PreviewedPart, ...]:
    """Add the lines of the fiscal receipt. Raises `VatRateNotFound`."""
    allocated = [
        allocate(part.amount, await _due_lines(part, rates, today), today=today, rates=rates)
        for part in parts
    ]
    grouped = group_oldest(allocated, limit)
    return tuple(replace(part, lines=lines) for part, lines in zip(parts, grouped, strict=True))


async def _due_lines(
    part: PreviewedPart, rates: Sequence[VatRate], today: date
) -> list[SettledLine]:
    months = await _open_months(part.account.id)
    bills = [month.invoice.id for month in months if month.invoice]
    lines = await InvoiceLine.filter(invoice_id__in=bills).order_by("position") if bills else []
    first = await Invoice.filter(account_id=part.account.id).order_by("period").first()
    oldest_bill = first.period if first else month_of(today)
    return due_lines(months, lines, rates, oldest_bill=oldest_bill)


async def _open_months(account_id: UUID) -> list[OpenMonth]:
    """Return the open amounts of each bill, the oldest first; money in processing is deducted."""
    amounts = [amount for amount in await open_amounts(account_id) if amount.total]
    keys = [amount.invoice_id for amount in amounts if amount.invoice_id]
    bills = {bill.id: bill for bill in await Invoice.filter(id__in=keys)} if keys else {}
    return [
        OpenMonth(
            bills[amount.invoice_id] if amount.invoice_id else None, amount.debt, amount.penalty
        )
        for amount in amounts
    ]


async def terms_on(day: date) -> PaymentTerms:
    """Return the payment terms of a day. Raises `PaymentsClosed` if any requirement is missing."""
    terms = newest(await PaymentTerms.all(), day)
    if terms is None or await missing(PAYMENT_REQUIREMENTS, today=day):
        raise errors.PaymentsClosed
    return terms


async def _part(viewer: Viewer, request: PartRequest, terms: PaymentTerms) -> PreviewedPart:
    account = await own_account(viewer, request.account_id)
    owed, invoice = await debt_of(account.id), await _invoice(account, request)
    amount = await _amount(request, owed, invoice)
    if amount <= 0 and request.amount is None:
        raise errors.NothingToPay("amount")
    if amount <= 0:
        raise errors.AmountTooSmall("amount", minimum=MoneyDetail(terms.minimum))
    return PreviewedPart(account, invoice, amount, owed, request.names_invoice)


async def _invoice(account: Account, request: PartRequest) -> Invoice | None:
    """Return the named bill, or the newest; a bill of an earlier holder doesn't count."""
    invoices = Invoice.filter(account_id=account.id).order_by("-period")
    if request.names_invoice:
        invoices = invoices.filter(id=request.invoice_id)
    invoice = await invoices.first()
    if invoice is not None and is_month_visible(account.visible_days, invoice.period):
        return invoice
    if request.names_invoice:
        raise errors.InvoiceNotFound("invoiceId")
    return None


async def _amount(request: PartRequest, owed: AccountDebt, invoice: Invoice | None) -> Kopecks:
    if request.amount is not None:
        return request.amount
    if request.names_invoice and invoice is not None:
        amounts = await open_amounts(invoice.account_id)
        return next(part.total for part in amounts if part.invoice_id == invoice.id)
    return owed.amount_due


def _check_amount(parts: Sequence[PreviewedPart], terms: PaymentTerms) -> None:
    """Check the sum; the refusal's path is the amount of the only part, or all parts."""
    amount = sum(part.amount for part in parts)
    path = ("parts", "0", "amount") if len(parts) == 1 else ("parts",)
    if amount < terms.minimum:
        raise errors.AmountTooSmall(*path, minimum=MoneyDetail(terms.minimum))
    if amount > terms.maximum:
        raise errors.AmountTooLarge(*path, maximum=MoneyDetail(terms.maximum))
