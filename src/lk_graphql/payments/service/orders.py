"""Requests to the acquirer: the order, its fiscal receipt, its payment order."""

from collections.abc import Iterator, Sequence
from datetime import date

from lk_graphql.billing.models import Supplier, VatRate
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.identity.models import User
from lk_graphql.kit.company import Company
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Payment, PaymentPart, Refund, RefundState
from lk_graphql.ports.acquiring import (
    AcquirerOrder,
    ReceiptLine,
    RefundOrder,
    Settlement,
    UtilityPayee,
    UtilityPaymentOrder,
)

RETURN_PAGE = "/payment"
"""The page to which the acquirer redirects customers; it polls the payment's state."""


class PayeeNotFound(LookupError):
    """No requisites or no VAT rate are valid on a day."""


async def order_of(payment: Payment, *, company: Company) -> AcquirerOrder:
    """Return the acquirer's order, always the same for a payment. Raises `PayeeNotFound`."""
    day = company.today(payment.created_at)
    parts = await PaymentPart.filter(payment_id=payment.id).order_by("position")
    user = await User.get(id=payment.user_id)
    return AcquirerOrder(
        id=payment.id,
        amount=Kopecks(payment.total),
        description=_description(payment, parts),
        return_url=f"{company.public_url}{RETURN_PAGE}#{to_public('pay', payment.id)}",
        buyer_email=user.email_key,
        receipt=tuple(_lines(payment, parts, await vat_on(day))),
        utility=await _utility(parts, day),
    )


async def refund_order_of(refund: Refund, *, company: Company) -> RefundOrder:
    """Return the refund's order; advances are refunded before the payment of a debt."""
    payment, part = await refund.payment, await refund.part
    vat = await vat_on(company.today(payment.created_at))
    before = Refund.filter(part_id=part.id, id__lt=refund.id).exclude(state=RefundState.FAILED)
    earlier = sum([row.amount for row in await before])
    advance = min(refund.amount, max(0, part.advance - earlier))
    return RefundOrder(
        id=refund.id,
        reference=payment.reference or "",
        amount=Kopecks(refund.amount),
        description=f"Возврат по платежу {payment.number}",
        buyer_email=(await User.get(id=payment.user_id)).email_key,
        receipt=tuple(_of_part(part, refund.amount - advance, advance, vat)),
    )


async def vat_on(day: date) -> int:
    """Return the VAT rate of a day in percent. Raises `PayeeNotFound`."""
    rate = newest(await VatRate.all(), day)
    if rate is None:
        raise PayeeNotFound(f"No VAT rate for {day:%Y-%m-%d}")
    return int(rate.percent)


async def payee_on(day: date) -> UtilityPayee:
    """Return the payee of a day. Raises `PayeeNotFound`."""
    if (supplier := await supplier_on(day)) is None:
        raise PayeeNotFound(f"No requisites for {day:%Y-%m-%d}")
    return _payee(supplier)


def _payee(supplier: Supplier) -> UtilityPayee:
    return UtilityPayee(
        supplier.name,
        supplier.inn,
        supplier.kpp or "",
        supplier.bank_name,
        supplier.bic,
        supplier.account,
        supplier.correspondent_account,
    )


def _lines(payment: Payment, parts: Sequence[PaymentPart], vat: int) -> Iterator[ReceiptLine]:
    for part in parts:
        yield from _of_part(part, part.amount - part.advance, part.advance, vat)
    if payment.commission:
        amount = Kopecks(payment.commission)
        yield ReceiptLine("Комиссия за приём платежа", amount, vat, Settlement.FULL_PAYMENT)


def _of_part(part: PaymentPart, owed: int, advance: int, vat: int) -> Iterator[ReceiptLine]:
    if owed:
        name = f"Электроэнергия, л/с {part.account_number}"
        yield ReceiptLine(name, Kopecks(owed), vat, Settlement.FULL_PAYMENT)
    if advance:
        name = f"Аванс за электроэнергию, л/с {part.account_number}"
        yield ReceiptLine(name, Kopecks(advance), vat, Settlement.ADVANCE)


async def _utility(parts: Sequence[PaymentPart], day: date) -> UtilityPaymentOrder:
    """Return a payment order of the first account; its purpose names all (decision 0120)."""
    first = parts[0]
    return UtilityPaymentOrder(
        payee=await payee_on(day),
        purpose=_purpose(parts),
        account_number=first.account_number,
        unified_account_number=first.unified_number,
        document_number=first.invoice_number,
        period=first.period,
    )


def _purpose(parts: Sequence[PaymentPart]) -> str:
    """Format the purpose as the Bank of Russia recommends (ИН-04-45/12), by semicolons."""
    fields = [f"ЛС {part.account_number}" for part in parts]
    if parts[0].unified_number:
        fields.append(f"ЕЛС {parts[0].unified_number}")
    if parts[0].period:
        fields.append(f"ПРД {parts[0].period:%m.%Y}")
    return ";".join(["Оплата за электроэнергию", *fields])


def _description(payment: Payment, parts: Sequence[PaymentPart]) -> str:
    numbers = ", ".join(part.account_number for part in parts)
    return f"Платёж {payment.number}: электроэнергия, л/с {numbers}"
