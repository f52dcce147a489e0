"""YooKassa's JSON to and from the port's types, by its public reference of API v3."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from lk_graphql.kit.money import Kopecks, to_kopecks, to_rubles
from lk_graphql.ports.acquiring.orders import (
    MAX_DESCRIPTION_LENGTH,
    RUBLES,
    AcquirerNotification,
    AcquirerOrder,
    CancelReason,
    FiscalRegistration,
    FiscalStatus,
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

MAX_PURPOSE_LENGTH = 210
MAX_BANK_NAME_LENGTH = 45
MAX_REASON_LENGTH = 100
_REFERENCE = re.compile(r"[!-~]{1,60}")
"""Printable ASCII that fits its column: callbacks come from anyone, with any text as an id."""
_URL = re.compile(r"https?://[!-~]{1,480}")

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
_FISCAL = {"succeeded": FiscalStatus.DONE, "canceled": FiscalStatus.FAILED}
_NOTICES = {"payment.waiting_for_capture", "payment.succeeded", "payment.canceled"}


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
    page_url = answer["confirmation"]["confirmation_url"]
    return RegisteredOrder(_reference(answer["id"]), _matching(_URL, page_url))


def snapshot(
    answer: Json, receipts: Iterable[Json] = (), receipt_url: str | None = None
) -> OrderSnapshot:
    """The state of a payment. Raises KeyError, ValueError and the like for another object."""
    reason = _reason(answer)
    status = _status(answer)
    return OrderSnapshot(
        reference=_reference(answer["id"]),
        order_id=_our_id(answer),
        status=status,
        amount=_kopecks(answer["amount"]),
        currency=answer["amount"]["currency"],
        refunded=_kopecks(answer.get("refunded_amount") or {"value": "0.00"}),
        paid_at=_moment(answer.get("captured_at")),
        cancel=_cancel(reason) if status is OrderStatus.CANCELED else None,
        reason=reason,
        fiscal=tuple(fiscal(item, receipt_url) for item in receipts),
    )


def _status(answer: Json) -> OrderStatus:
    match answer["status"]:
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
            raise ValueError(f"A payment's status can't be {status!r}")


def _reason(answer: Json) -> str | None:
    details: Json = answer.get("cancellation_details") or {}
    reason = details.get("reason")
    return None if reason is None else str(reason).replace("\0", "")[:MAX_REASON_LENGTH]


def _cancel(reason: str | None) -> CancelReason:
    return _CANCEL.get(reason or "", CancelReason.DECLINED)


def refunded(answer: Json) -> RefundResult:
    return RefundResult(
        _reference(answer["id"]),
        RefundStatus(answer["status"].upper()),
        _kopecks(answer["amount"]),
        _reason(answer),
    )


def fiscal(answer: Json, receipt_url: str | None) -> FiscalRegistration:
    """A receipt's registration; `receipt_url` has the placeholders of `Shop.receipt_url`."""
    registration = FiscalRegistration(
        reference=_reference(answer["id"]),
        refund=answer.get("refund_id"),
        status=_FISCAL.get(answer["status"], FiscalStatus.PENDING),
        storage=answer.get("fiscal_storage_number"),
        number=answer.get("fiscal_document_number"),
        attribute=answer.get("fiscal_attribute"),
        registered_at=_moment(answer.get("registered_at")),
    )
    if registration.status is not FiscalStatus.DONE or receipt_url is None:
        return registration
    url = receipt_url.format(
        storage=registration.storage, number=registration.number, attribute=registration.attribute
    )
    return replace(registration, url=url)


def notice(body: Json) -> AcquirerNotification | None:
    """The content of a callback. Raises KeyError, TypeError and the like for another body."""
    kind = body["event"]
    if body["type"] != "notification":
        return None
    subject = _reference(body["object"]["id"])
    if kind in _NOTICES:
        return AcquirerNotification(kind, subject, subject)
    if kind == "refund.succeeded":
        return AcquirerNotification(kind, subject, _reference(body["object"]["payment_id"]))
    return None


def _reference(value: object) -> str:
    """The acquirer's id of a payment, a refund or a receipt. Raises ValueError."""
    return _matching(_REFERENCE, value)


def _matching(form: re.Pattern[str], value: object) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise ValueError("A text of the acquirer is not of its form")
    return value


def _our_id(answer: Json) -> UUID | None:
    try:
        return UUID(answer["metadata"]["order_id"])
    except (KeyError, ValueError):
        return None


def _kopecks(amount: Json) -> Kopecks:
    return Kopecks(to_kopecks(amount["value"]))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
