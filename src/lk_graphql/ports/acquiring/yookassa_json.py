"""YooKassa's JSON to and from the port's types, by its public reference of API v3."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from lk_graphql.kit.money import Kopecks, to_kopecks, to_rubles
from lk_graphql.ports.acquiring.orders import (
    MAX_DESCRIPTION_LENGTH,
    MAX_PURPOSE_LENGTH,
    NOTHING,
    RUBLES,
    AcquirerNotification,
    AcquirerOrder,
    AcquirerRefused,
    AnswerUnreadable,
    CancelReason,
    FiscalRegistration,
    FiscalStatus,
    NotificationInvalid,
    OrderSnapshot,
    OrderStatus,
    ReceiptLine,
    ReceiptSubject,
    RefundOrder,
    RefundResult,
    RefundStatus,
    RegisteredOrder,
    Settlement,
    UtilityPayee,
    UtilityPaymentOrder,
)

Json = dict[str, Any]
Parsed = TypeVar("Parsed")

MAX_BANK_NAME_LENGTH = 45
MAX_REASON_LENGTH = 100
_REFERENCE = re.compile(r"[!-~]{1,60}")
"""Printable ASCII that fits the column: anyone may send a callback with any text as an id."""
_CURSOR = re.compile(r"[!-~]{1,200}")
_URL = re.compile(r"https?://[!-~]{1,480}")
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_FISCAL_NUMBER = re.compile(r"[!-~]{1,20}")
_WORD = re.compile(r"[a-z_]{1,40}")

_SETTLEMENTS = {Settlement.FULL_PAYMENT: "full_payment", Settlement.ADVANCE: "advance"}
_SUBJECTS = {ReceiptSubject.SERVICE: "service", ReceiptSubject.PAYMENT: "payment"}
_WITHOUT_VAT = 1
# 18 %, the rate until 2018, has no code any more: its code became that of 20 % (tag 1199)
_VAT = {0: 2, 10: 3, 18: 4, 20: 4, 5: 7, 7: 8, 22: 11}
_VAT_OF_ADVANCE = {0: 2, 10: 5, 18: 6, 20: 6, 5: 9, 7: 10, 22: 12}
# by the reasons of `cancellation_details`; all others are refusals of the bank
_CANCEL = {
    "expired_on_confirmation": CancelReason.EXPIRED,
    "expired_on_capture": CancelReason.EXPIRED,
    "canceled_by_merchant": CancelReason.CANCELED,
}
_REFUND_STATUSES: dict[object, RefundStatus] = {
    "pending": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "canceled": RefundStatus.CANCELED,
}
_FISCAL = {"succeeded": FiscalStatus.DONE, "canceled": FiscalStatus.FAILED}
_REFUND_NOTICE = "refund.succeeded"
_NOTICES = {
    "payment.waiting_for_capture",
    "payment.succeeded",
    "payment.canceled",
    _REFUND_NOTICE,
}


def order(order: AcquirerOrder) -> Json:
    """The body of `POST /payments`: one-stage, by redirect to YooKassa's page."""
    return {
        "amount": money(order.amount),
        "capture": True,
        "confirmation": {"type": "redirect", "return_url": order.return_url},
        "description": order.description[:MAX_DESCRIPTION_LENGTH],
        "metadata": {"order_id": str(order.id)},
        "receipt": receipt(order.buyer_email, order.receipt),
        "payment_order": utility(order.utility, order.amount),
    }


def refund(refund: RefundOrder) -> Json:
    """The body of `POST /refunds`."""
    return {
        "payment_id": refund.reference,
        "amount": money(refund.amount),
        "description": refund.description[:MAX_DESCRIPTION_LENGTH],
        "receipt": receipt(refund.buyer_email, refund.receipt),
    }


def receipt(email: str, lines: Iterable[ReceiptLine]) -> Json:
    return {
        "customer": {"email": email},
        "items": [_item(line) for line in lines],
    }


def _item(line: ReceiptLine) -> Json:
    """A line; `amount` is the price of a unit (tag 1079), and `measure` is tag 2108."""
    is_measured = line.quantity_kwh is not None and line.kopecks_per_kwh is not None
    return {
        "description": line.description[:MAX_DESCRIPTION_LENGTH],
        "quantity": f"{line.quantity_kwh:.3f}" if is_measured else "1.000",
        "measure": "kilowatt_hour" if is_measured else "piece",
        "amount": money(line.kopecks_per_kwh or line.amount),
        "vat_code": vat_code(line),
        "payment_mode": _SETTLEMENTS[line.settlement],
        "payment_subject": _SUBJECTS[line.subject],
    }


def vat_code(line: ReceiptLine) -> int:
    """YooKassa's code of a rate; advances have the calculated rate («22/122»). Raises KeyError."""
    if line.vat_percent is None:
        return _WITHOUT_VAT
    codes = _VAT_OF_ADVANCE if line.settlement is Settlement.ADVANCE else _VAT
    return codes[int(line.vat_percent)]


def utility(order: UtilityPaymentOrder, amount: Kopecks) -> Json:
    references = {
        "account_number": order.account_number,
        "unified_account_number": order.unified_account_number,
        "payment_document_number": order.document_number,
        "payment_period": order.period and {"month": order.period.month, "year": order.period.year},
    }
    return {
        "type": "utilities",
        "amount": money(amount),
        "payment_purpose": order.purpose[:MAX_PURPOSE_LENGTH],
        "recipient": _payee(order.payee),
        **{name: value for name, value in references.items() if value is not None},
    }


def _payee(payee: UtilityPayee) -> Json:
    return {
        "name": payee.name,
        "inn": payee.inn,
        "kpp": payee.kpp,
        "bank": {
            "name": payee.bank_name[:MAX_BANK_NAME_LENGTH],
            "bic": payee.bic,
            "account": payee.account,
            "correspondent_account": payee.correspondent_account,
        },
    }


def money(amount: Kopecks) -> Json:
    return {"value": to_rubles(amount), "currency": RUBLES}


def registered(answer: Json) -> RegisteredOrder:
    """The registered order. Raises `AcquirerRefused` for one that is canceled at once."""
    if answer.get("status") == "canceled":
        raise AcquirerRefused(_reason(answer) or "canceled")
    confirmation = _object(answer.get("confirmation"), "confirmation")
    page_url = _matching(_URL, confirmation.get("confirmation_url"), "confirmation_url")
    return RegisteredOrder(_reference(answer), page_url)


def snapshot(answer: Json) -> OrderSnapshot:
    """The state of a payment, without its receipts. Raises `AnswerUnreadable`."""
    reason = _reason(answer)
    status = _status(answer)
    amount, currency = _money(answer.get("amount"), "amount")
    refunded = answer.get("refunded_amount")
    return OrderSnapshot(
        reference=_reference(answer),
        order_id=_our_id(answer),
        status=status,
        amount=amount,
        currency=currency,
        refunded=NOTHING if refunded is None else _money(refunded, "refunded_amount")[0],
        paid_at=_moment(answer.get("captured_at")),
        cancel=_cancel(reason) if status is OrderStatus.CANCELED else None,
        reason=reason,
        created_at=_moment(answer.get("created_at")),
        description=_description(answer),
    )


def _status(answer: Json) -> OrderStatus:
    match answer.get("status"):
        case "succeeded":
            return OrderStatus.SUCCEEDED
        case "canceled":
            return OrderStatus.CANCELED
        case "waiting_for_capture":
            return OrderStatus.PROCESSING
        case "pending":
            # set as soon as the customer has chosen a payment method
            return OrderStatus.PROCESSING if "payment_method" in answer else OrderStatus.WAITING
        case status:
            raise _unreadable("status", status)


def _reason(answer: Json) -> str | None:
    match answer.get("cancellation_details"):
        case {"reason": str(reason)}:
            return reason.replace("\0", "")[:MAX_REASON_LENGTH]
        case _:
            return None


def _description(answer: Json) -> str | None:
    description = answer.get("description")
    return description[:MAX_DESCRIPTION_LENGTH] if isinstance(description, str) else None


def _cancel(reason: str | None) -> CancelReason:
    return _CANCEL.get(reason or "", CancelReason.DECLINED)


def refunded(answer: Json) -> RefundResult:
    """The outcome of a refund. Raises `AnswerUnreadable`."""
    try:
        status = _REFUND_STATUSES[answer.get("status")]
    except (KeyError, TypeError):
        raise _unreadable("status", answer.get("status")) from None
    amount, currency = _money(answer.get("amount"), "amount")
    payment = answer.get("payment_id")
    return RefundResult(
        reference=_reference(answer),
        status=status,
        amount=amount,
        reason=_reason(answer),
        currency=currency,
        payment=payment if isinstance(payment, str) else None,
        created_at=_moment(answer.get("created_at")),
    )


def created_since(moment: datetime) -> dict[str, str]:
    """The filter of a list by the time of creation."""
    return {"created_at.gte": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"}


def listed(parse: Callable[[Json], Parsed], item: object) -> Parsed:
    """Parse an object of a list. Raises `AnswerUnreadable`, which names it."""
    answer = _object(item, "items")
    try:
        return parse(answer)
    except AnswerUnreadable as fault:
        raise AnswerUnreadable(f"{_reference(answer)}: {fault}") from None


def items(answer: Json) -> list[object]:
    """The objects on a page of a list. Raises `AnswerUnreadable`."""
    page = answer.get("items")
    if not isinstance(page, list):
        raise _unreadable("items", page)
    return cast("list[object]", page)


def next_cursor(answer: Json) -> str | None:
    """The cursor of a list's next page, None for the last page. Raises `AnswerUnreadable`."""
    cursor = answer.get("next_cursor")
    return None if cursor is None else _matching(_CURSOR, cursor, "next_cursor")


def fiscal(items: Iterable[object], receipt_url: str | None) -> tuple[FiscalRegistration, ...]:
    """The readable receipts of a list: an unreadable one must not hide the payment's state.

    `receipt_url` has the placeholders of `Shop.receipt_url`.
    """
    rows = (_registration(item, receipt_url) for item in items)
    return tuple(row for row in rows if row is not None)


def _registration(item: object, receipt_url: str | None) -> FiscalRegistration | None:
    try:
        answer = _object(item, "receipt")
        reference, refund = _reference(answer), answer.get("refund_id")
        status = _FISCAL.get(str(answer.get("status")), FiscalStatus.PENDING)
        storage, number, attribute = (
            None if answer.get(name) is None else _matching(_FISCAL_NUMBER, answer[name], name)
            for name in ("fiscal_storage_number", "fiscal_document_number", "fiscal_attribute")
        )
        if refund is not None or answer.get("type") == "refund":
            refund = _matching(_REFERENCE, refund, "refund_id")
    except AnswerUnreadable:
        return None
    if status is FiscalStatus.DONE and None in (storage, number, attribute):
        status = FiscalStatus.PENDING
    registered_at = _moment(answer.get("registered_at"))
    registration = FiscalRegistration(
        reference, refund, status, storage, number, attribute, registered_at
    )
    if status is not FiscalStatus.DONE or receipt_url is None:
        return registration
    url = receipt_url.format(storage=storage, number=number, attribute=attribute)
    return replace(registration, url=url)


def notice(body: object) -> AcquirerNotification | None:
    """The content of a callback, None for an event of another kind. Raises `NotificationInvalid`.

    The list of events in the reference grows; today it has payouts, deals and saved cards, too.
    """
    match body:
        case {"type": "notification", "event": str(kind)}:
            about = cast(Json, body).get("object")
        case _:
            raise NotificationInvalid
    if kind not in _NOTICES:
        return None
    try:
        subject = _object(about, "object")
        reference = subject.get("payment_id" if kind == _REFUND_NOTICE else "id")
        return AcquirerNotification(
            kind, _reference(subject), _matching(_REFERENCE, reference, "payment_id")
        )
    except AnswerUnreadable:
        raise NotificationInvalid from None


def _reference(answer: Json) -> str:
    """The acquirer's id of a payment, a refund or a receipt. Raises `AnswerUnreadable`."""
    return _matching(_REFERENCE, answer.get("id"), "id")


def _matching(form: re.Pattern[str], value: object, name: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _unreadable(name, value)
    return value


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise _unreadable(name, value)
    return cast(Json, value)


def _unreadable(name: str, value: object) -> AnswerUnreadable:
    """The error that names a field, and its value if that is a short word."""
    is_word = isinstance(value, str) and _WORD.fullmatch(value)
    return AnswerUnreadable(f"{name}: {value if is_word else type(value).__name__}")


def _our_id(answer: Json) -> UUID | None:
    match answer.get("metadata"):
        case {"order_id": str(text)}:
            with suppress(ValueError):
                return UUID(text)
        case _:
            pass
    return None


def _money(value: object, name: str) -> tuple[Kopecks, str]:
    """A sum, which is never negative, and its currency. Raises `AnswerUnreadable`."""
    amount = _object(value, name)
    currency = _matching(_CURRENCY, amount.get("currency"), f"{name}.currency")
    digits = _matching(_AMOUNT, amount.get("value"), f"{name}.value")
    return Kopecks(to_kopecks(digits)), currency


def _moment(value: object) -> datetime | None:
    """A time with its zone; None for anything else, for which our own time is used."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    is_possible = moment.tzinfo is not None and 2000 <= moment.year < 2100
    return moment if is_possible else None
