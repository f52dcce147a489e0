"""Payments of bills: their days and amounts, by the household's behaviour."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lk_graphql.billing.models import Invoice
from lk_graphql.demo.data.debts import ReceivedAmount
from lk_graphql.demo.data.household import Household, PaymentBehaviour
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift

AGENTS = (
    "СберБанк Онлайн",
    "ВТБ Онлайн",
    "Т-Банк",
    "Газпромбанк",
    "Почта России",
    "Касса поставщика",
    "Личный кабинет",
)
_HUNDRED_RUBLES = 10_000
_THOUSAND_RUBLES = 100_000


@dataclass(frozen=True)
class PayerHabit:
    """A household's way of paying. A debtor stops paying on `stops_on`."""

    payer: PaymentBehaviour
    agent: str
    stops_on: date | None

    def pay(self, invoice: Invoice, rng: Random) -> ReceivedAmount | None:
        """The payment for this bill, or None."""
        match self.payer:
            case PaymentBehaviour.AHEAD:
                return _ahead(invoice, rng)
            case PaymentBehaviour.LATE:
                return _late(invoice, rng)
            case PaymentBehaviour.DEBTOR if self.stops_on and invoice.issued_on >= self.stops_on:
                return _a_little(invoice, rng)
            case _:
                return _in_time(invoice, rng)


def habit(house: Household, today: date, rng: Random) -> PayerHabit:
    stops_on = shift(today.replace(day=1), -rng.randint(4, 9))
    return PayerHabit(
        house.payer,
        rng.choice(AGENTS),
        stops_on if house.payer is PaymentBehaviour.DEBTOR else None,
    )


def _in_time(invoice: Invoice, rng: Random) -> ReceivedAmount | None:
    is_round = rng.random() < 0.15
    amount = (
        _up_to(_HUNDRED_RUBLES, invoice.closing_balance) if is_round else invoice.closing_balance
    )
    return _paid(amount, _between(invoice.issued_on, invoice.due_on, rng))


def _late(invoice: Invoice, rng: Random) -> ReceivedAmount | None:
    """The month's own sum, usually weeks after the due day; older bills have their own payments."""
    own = invoice.charged + invoice.recalculated + invoice.penalty
    amount = min(own, invoice.closing_balance)
    return _paid(amount, invoice.due_on + timedelta(days=rng.randint(-8, 48)))


def _ahead(invoice: Invoice, rng: Random) -> ReceivedAmount | None:
    """Three months in advance, as soon as the advance is less than a month's sum."""
    target = invoice.closing_balance + 3 * invoice.charged
    amount = _up_to(_THOUSAND_RUBLES, target) if target > 2 * invoice.charged else 0
    return _paid(amount, _between(invoice.issued_on, invoice.due_on, rng))


def _a_little(invoice: Invoice, rng: Random) -> ReceivedAmount | None:
    amount = 5 * _HUNDRED_RUBLES if rng.random() < 0.2 else 0
    return _paid(min(amount, invoice.closing_balance), invoice.due_on + timedelta(days=9))


def _paid(amount: int, day: date) -> ReceivedAmount | None:
    return ReceivedAmount(day, Kopecks(amount)) if amount > 0 else None


def _between(first: date, last: date, rng: Random) -> date:
    return first + timedelta(days=rng.randint(1, max(1, (last - first).days)))


def _up_to(step: int, amount: int) -> int:
    return -(-amount // step) * step
