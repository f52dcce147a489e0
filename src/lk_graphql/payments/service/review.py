"""The review page before a payment (the manual's last section)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.accounts.service.account_days import is_month_visible
from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service.invoices import AccountDebt, debt_of, open_amounts
from lk_graphql.billing.service.requisites import REQUISITES, VAT_RATE
from lk_graphql.guards.requirements import Requirement, missing, row_on
from lk_graphql.identity.models import User
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.money import Kopecks, MoneyDetail, round_half_up
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments import errors
from lk_graphql.payments.models import PaymentTerms

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
class ReviewedPart:
    """One account's line; `invoice` is the named bill, or else the newest."""

    account: Account
    invoice: Invoice | None
    amount: Kopecks
    owed: AccountDebt
    names_invoice: bool

    @property
    def advance(self) -> Kopecks:
        """The amount beyond the amount due."""
        return Kopecks(max(0, self.amount - self.owed.amount_due))


@dataclass(frozen=True)
class Review:
    """A reviewed payment; `total` is the sum that the card is charged."""

    payer: User
    parts: tuple[ReviewedPart, ...]
    commission: Kopecks
    terms: PaymentTerms

    @property
    def amount(self) -> Kopecks:
        return Kopecks(sum(part.amount for part in self.parts))

    @property
    def total(self) -> Kopecks:
        return Kopecks(self.amount + self.commission)


async def review(viewer: Viewer, requests: Sequence[PartRequest], *, today: date) -> Review:
    """Check and price a payment. Raises the refusals of `payments.errors`, of all parts at once."""
    if not 1 <= len(requests) <= MAX_PARTS:
        raise errors.PartsInvalid("parts", most=MAX_PARTS)
    form, parts = FormErrors(), list[ReviewedPart]()
    for position, request in enumerate(requests):
        with form.field("parts", str(position)):
            part = await _part(viewer, request)
            if part.account.id in {other.account.id for other in parts}:
                raise errors.AccountRepeated("accountId")
            parts.append(part)
    form.check()
    terms = await terms_on(today)
    amount = sum(part.amount for part in parts)
    _check_amount(amount, terms)
    commission = round_half_up(terms.commission_percent * amount / Decimal(100))
    return Review(await User.get(id=viewer.id), tuple(parts), commission, terms)


async def terms_on(day: date) -> PaymentTerms:
    """Return the payment terms of a day. Raises `PaymentsClosed` if any requirement is missing."""
    terms = newest(await PaymentTerms.all(), day)
    if terms is None or await missing(PAYMENT_REQUIREMENTS, today=day):
        raise errors.PaymentsClosed
    return terms


async def _part(viewer: Viewer, request: PartRequest) -> ReviewedPart:
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE)
    link = await links.get_or_none(account_id=request.account_id).select_related("account")
    if link is None:
        raise errors.PaymentAccountNotFound("accountId")
    owed, invoice = await debt_of(link.account_id), await _invoice(link.account, request)
    amount = await _amount(request, owed, invoice)
    if amount <= 0:
        raise errors.NothingToPay("amount")
    return ReviewedPart(link.account, invoice, amount, owed, request.names_invoice)


async def _invoice(account: Account, request: PartRequest) -> Invoice | None:
    """The named bill, or the newest; an earlier holder's is none."""
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


def _check_amount(amount: int, terms: PaymentTerms) -> None:
    if amount < terms.minimum:
        raise errors.AmountTooSmall("parts", minimum=MoneyDetail(terms.minimum))
    if amount > terms.maximum:
        raise errors.AmountTooLarge("parts", maximum=MoneyDetail(terms.maximum))
