"""The review page before a payment (the manual's last section)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.expressions import F
from tortoise.functions import Sum

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.identity.models import User
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.money import Kopecks, MoneyDetail, round_half_up
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments import errors
from lk_graphql.payments.models import PaymentTerms, RegistryRow

MAX_PARTS = 10
NOTHING = Kopecks(0)


@dataclass(frozen=True)
class PartRequest:
    """A requested payment to one account; without an amount, the amount due."""

    account_id: UUID | None
    invoice_id: UUID | None = None
    names_invoice: bool = False
    amount: Kopecks | None = None


@dataclass(frozen=True)
class AccountDebt:
    """Debt of an account by billing, and the amount that billing hasn't posted yet."""

    debt: Kopecks = NOTHING
    penalty: Kopecks = NOTHING
    overpayment: Kopecks = NOTHING
    processing: Kopecks = NOTHING

    @property
    def amount_due(self) -> Kopecks:
        return Kopecks(max(0, self.debt + self.penalty - self.processing))


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
    """Return the payment terms of a day. Raises `PaymentsClosed` without any."""
    terms = await PaymentTerms.filter(valid_from__lte=day).order_by("-valid_from").first()
    if terms is None:
        raise errors.PaymentsClosed
    return terms


async def debt_of(account_id: UUID) -> AccountDebt:
    """Return the debt of an account; 0 before the first balance from billing."""
    balance: Any = await AccountBalance.get_or_none(account_id=account_id)
    processing = await processing_of(account_id)
    if balance is None:
        return AccountDebt(processing=processing)
    return AccountDebt(
        Kopecks(balance.debt), Kopecks(balance.penalty), Kopecks(balance.overpayment), processing
    )


async def processing_of(account_id: UUID) -> Kopecks:
    """Return the sum not posted by billing yet («в обработке»), less refunds."""
    unposted = RegistryRow.filter(account_id=account_id, posted_at=None)
    unposted_sum = unposted.annotate(sum=Sum(F("amount") - F("posted_amount")))
    sums: list[Any] = await unposted_sum.values_list("sum", flat=True)
    return Kopecks(int(sums[0] or 0))


async def _part(viewer: Viewer, request: PartRequest) -> ReviewedPart:
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE)
    link = await links.get_or_none(account_id=request.account_id).select_related("account")
    if link is None:
        raise errors.PaymentAccountNotFound("accountId")
    owed, invoice = await debt_of(link.account_id), await _invoice(link.account_id, request)
    amount = _amount(request, owed, invoice)
    if amount <= 0:
        raise errors.NothingToPay("amount")
    return ReviewedPart(link.account, invoice, amount, owed, request.names_invoice)


async def _invoice(account_id: UUID, request: PartRequest) -> Invoice | None:
    if not request.names_invoice:
        return await Invoice.filter(account_id=account_id).order_by("-period").first()
    invoice = await Invoice.get_or_none(account_id=account_id, id=request.invoice_id)
    if invoice is None:
        raise errors.InvoiceNotFound("invoiceId")
    return invoice


def _amount(request: PartRequest, owed: AccountDebt, invoice: Invoice | None) -> Kopecks:
    if request.amount is not None:
        return request.amount
    if request.names_invoice and invoice is not None:
        return Kopecks(min(_unpaid(invoice), owed.amount_due))
    return owed.amount_due


def _unpaid(invoice: Any) -> int:
    return invoice.unpaid


def _check_amount(amount: int, terms: PaymentTerms) -> None:
    if amount < terms.minimum:
        raise errors.AmountTooSmall("parts", minimum=MoneyDetail(terms.minimum))
    if amount > terms.maximum:
        raise errors.AmountTooLarge("parts", maximum=MoneyDetail(terms.maximum))
