"""Requests to the acquirer: the order, its fiscal receipt, its payment order."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import NamedTuple
from uuid import UUID

from lk_graphql.billing.models import Supplier
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.identity.models import User
from lk_graphql.kit.cabinet_pages import ActionPath
from lk_graphql.kit.company import Company
from lk_graphql.kit.formatting import format_month
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.origins import AllowedOrigins
from lk_graphql.payments.errors import ReturnUrlInvalid
from lk_graphql.payments.models import (
    Payment,
    PaymentLine,
    PaymentLineKind,
    PaymentPart,
    Refund,
    RefundLine,
)
from lk_graphql.ports.acquiring import (
    MAX_DESCRIPTION_LENGTH,
    MAX_PURPOSE_LENGTH,
    AcquirerOrder,
    ReceiptLine,
    ReceiptSubject,
    RefundOrder,
    Settlement,
    UtilityPayee,
    UtilityPaymentOrder,
)

_DESCRIPTION = re.compile(r"Платёж (?P<number>ЛК-[0-9]+): электроэнергия, л/с ?(?P<accounts>.*)")


class DescribedOrder(NamedTuple):
    """The contents of an order's description; `accounts` are those that fit."""

    number: str
    accounts: str


class PayeeNotFound(LookupError):
    """No requisites are valid on a day."""


async def order_of(payment: Payment, *, company: Company) -> AcquirerOrder:
    """Return the acquirer's order, always the same for a payment. Raises `PayeeNotFound`.

    The acquirer refuses another order under the same key, even if only an address differs.
    """
    parts = await PaymentPart.filter(payment_id=payment.id).order_by("position")
    lines = await PaymentLine.filter(payment_id=payment.id).order_by("position")
    return AcquirerOrder(
        id=payment.id,
        amount=Kopecks(payment.total),
        description=_description(payment, parts),
        return_url=payment.return_url or return_url(payment.id, company),
        buyer_email=payment.buyer_email or await _email_of(payment),
        receipt=tuple(_receipt_line(line, line.amount, _account(line, parts)) for line in lines),
        utility=_utility(parts, await _payee_of(payment, company)),
    )


def return_url(payment_id: UUID, company: Company, requested: str | None = None) -> str:
    """Return the page to which the acquirer redirects; a visit to it proves no payment.

    A requested page gets the payment's id as a query parameter. Raises `ReturnUrlInvalid`.
    """
    public_id = to_public("pay", payment_id)
    if requested is None:
        return f"{company.pages_url}{ActionPath.PAYMENT}#{public_id}"
    if not AllowedOrigins(company.page_origins).has_address(requested):
        raise ReturnUrlInvalid("returnUrl")
    base, mark, fragment = requested.partition("#")
    return f"{base}{'&' if '?' in base else '?'}payment={public_id}{mark}{fragment}"


async def refund_order_of(refund: Refund) -> RefundOrder:
    """Return the refund's order, always the same; its receipt mirrors the payment's."""
    payment, part = await refund.payment, await refund.part
    returned = RefundLine.filter(refund_id=refund.id).order_by("-line__position")
    return RefundOrder(
        id=refund.id,
        reference=payment.reference or "",
        amount=Kopecks(refund.amount),
        description=f"Возврат по платежу {payment.number}",
        buyer_email=refund.buyer_email or await _email_of(payment),
        receipt=tuple(
            _receipt_line(row.line, row.amount, part.account_number)
            for row in await returned.select_related("line")
        ),
    )


async def _email_of(payment: Payment) -> str:
    return (await User.get(id=payment.user_id)).email_key


async def _payee_of(payment: Payment, company: Company) -> UtilityPayee:
    """Return the payee; for old rows, by the requisites of the payment's day."""
    day = company.today(payment.created_at)
    if payment.supplier_id:
        supplier = await Supplier.get(id=payment.supplier_id)
    elif (supplier := await supplier_on(day)) is None:
        raise PayeeNotFound(f"No requisites for {day:%Y-%m-%d}")
    return UtilityPayee(
        supplier.name,
        supplier.inn,
        supplier.kpp or "",
        supplier.bank_name,
        supplier.bic,
        supplier.account,
        supplier.correspondent_account,
    )


def _account(line: PaymentLine, parts: Sequence[PaymentPart]) -> str:
    return next((part.account_number for part in parts if part.id == line.part_id), "")


def _receipt_line(line: PaymentLine, amount: int, account_number: str) -> ReceiptLine:
    """Return a line with all or a part of its amount; with a part, it has no volume."""
    is_advance = line.kind is PaymentLineKind.ADVANCE
    is_service = line.kind in {PaymentLineKind.DEBT, PaymentLineKind.COMMISSION}
    is_whole = amount == line.amount
    price = line.kopecks_per_kwh if is_whole else None
    return ReceiptLine(
        _line_description(line, account_number),
        Kopecks(amount),
        line.vat_percent,
        Settlement.ADVANCE if is_advance else Settlement.FULL_PAYMENT,
        ReceiptSubject.SERVICE if is_service else ReceiptSubject.PAYMENT,
        line.quantity_kwh if is_whole else None,
        None if price is None else Kopecks(price),
    )


def _line_description(line: PaymentLine, account_number: str) -> str:
    """Name service, months and account; a long name of the service is cut."""
    match line.kind:
        case PaymentLineKind.COMMISSION:
            return "Комиссия за приём платежа"
        case PaymentLineKind.ADVANCE:
            return f"Аванс за электроэнергию, л/с {account_number}"
        case PaymentLineKind.PENALTY:
            name = "Пени"
        case PaymentLineKind.DEBT:
            name = line.service or "Электроэнергия"
    rest = f"{_months(line.first_period, line.period)}, л/с {account_number}"
    return f"{name[: MAX_DESCRIPTION_LENGTH - len(rest)]}{rest}"


def _months(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    names = (format_month(month, space=" ") for month in dict.fromkeys((first, last)))
    return f" за {' – '.join(names)}"


def _utility(parts: Sequence[PaymentPart], payee: UtilityPayee) -> UtilityPaymentOrder:
    """Return a payment order for the first account; its purpose names all (decision 0120)."""
    first = parts[0]
    return UtilityPaymentOrder(
        payee=payee,
        purpose=_purpose(parts),
        account_number=first.account_number,
        unified_account_number=first.unified_number,
        document_number=first.invoice_number,
        period=first.period,
    )


def _purpose(parts: Sequence[PaymentPart]) -> str:
    """Format the purpose as the Bank of Russia recommends (ИН-04-45/12), with semicolons."""
    fields = [f"ЛС {part.account_number}" for part in parts]
    if parts[0].unified_number:
        fields.append(f"ЕЛС {parts[0].unified_number}")
    if parts[0].period:
        fields.append(f"ПРД {parts[0].period:%m.%Y}")
    return _join_whole(["Оплата за электроэнергию", *fields], ";", MAX_PURPOSE_LENGTH)


def _description(payment: Payment, parts: Sequence[PaymentPart]) -> str:
    start = f"Платёж {payment.number}: электроэнергия, л/с "
    numbers = [part.account_number for part in parts]
    return start + _join_whole(numbers, ", ", MAX_DESCRIPTION_LENGTH - len(start))


def parse_description(description: str | None) -> DescribedOrder | None:
    """Read the description of a payment, which the acquirer returns; None for another system's."""
    match = _DESCRIPTION.fullmatch(description or "")
    return match and DescribedOrder(match["number"], match["accounts"])


def _join_whole(fields: Sequence[str], separator: str, max_length: int) -> str:
    """Join the first fields that fit; the part of a number could be another account's number."""
    lengths = accumulate(len(separator + field) for field in fields)
    fitting = sum(length - len(separator) <= max_length for length in lengths)
    return separator.join(fields[:fitting])
