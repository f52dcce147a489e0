"""The sandbox's test cards, and the validation of the card form.

Card numbers are never stored or logged.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BankBehaviour(StrEnum):
    """The answer of the card's bank."""

    PAYS = "PAYS"
    DECLINES = "DECLINES"
    IS_SLOW = "IS_SLOW"
    IS_SILENT = "IS_SILENT"


class CallbackBehaviour(StrEnum):
    """The delivery of callbacks to the shop."""

    ONCE = "ONCE"
    LATE = "LATE"
    TWICE = "TWICE"
    OUT_OF_ORDER = "OUT_OF_ORDER"
    NEVER = "NEVER"


@dataclass(frozen=True)
class Card:
    """A test card; if its bank declines, `reason` is the reason in `cancellation_details`."""

    number: str
    title: str
    bank: BankBehaviour = BankBehaviour.PAYS
    is_secure: bool = False
    reason: str | None = None
    callbacks: CallbackBehaviour = CallbackBehaviour.ONCE

    @property
    def spaced(self) -> str:
        return " ".join(re.findall("....", self.number))


CARDS = (
    Card("2200000000000004", "Платёж проходит"),
    Card("2200000000000012", "Проходит после кода 3-D Secure", is_secure=True),
    Card(
        "2200000000000020", "Не хватает денег", BankBehaviour.DECLINES, reason="insufficient_funds"
    ),
    Card("2200000000000038", "Карта просрочена", BankBehaviour.DECLINES, reason="card_expired"),
    Card("2200000000000046", "Банк думает полминуты", BankBehaviour.IS_SLOW),
    Card("2200000000000053", "Банк не отвечает: срок истечёт", BankBehaviour.IS_SILENT),
    Card("2200000000000061", "Уведомление опоздает на минуту", callbacks=CallbackBehaviour.LATE),
    Card("2200000000000079", "Уведомление придёт дважды", callbacks=CallbackBehaviour.TWICE),
    Card("2200000000000087", "Уведомления не по порядку", callbacks=CallbackBehaviour.OUT_OF_ORDER),
    Card("2200000000000095", "Уведомления не будет", callbacks=CallbackBehaviour.NEVER),
)
_BY_NUMBER = {card.number: card for card in CARDS}


FIELD_ERRORS = {
    "number": "Это песочница: подойдёт только карта из списка ниже",
    "expiry": "Месяц и год, ещё не прошедшие",
    "code": "Три цифры с обратной стороны",
}


def read(number: str, expiry: str, code: str, *, today: date) -> tuple[Card | None, list[str]]:
    """The card, and the invalid fields of the form (keys of `FIELD_ERRORS`)."""
    card = _BY_NUMBER.get(re.sub(r"[\s-]", "", number))
    fields = {
        "number": card is not None,
        "expiry": _is_current(expiry, today),
        "code": re.fullmatch("[0-9]{3}", code) is not None,
    }
    return card, [name for name, is_valid in fields.items() if not is_valid]


def _is_current(expiry: str, today: date) -> bool:
    match = re.fullmatch(r"(0[1-9]|1[0-2])\s*/?\s*([0-9]{2})", expiry.strip())
    return match is not None and (2000 + int(match[2]), int(match[1])) >= (today.year, today.month)
