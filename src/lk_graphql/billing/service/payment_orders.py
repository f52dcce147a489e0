"""What a customer is asked to pay for a bill, and to whom: what stands in a receipt's code."""

from dataclasses import dataclass
from datetime import date

from lk_graphql.billing.service.payment_code import Order, Payee
from lk_graphql.kit.figures import month
from lk_graphql.kit.money import Kopecks


@dataclass(frozen=True)
class Asked:
    """What a bill's payment is told by: `amount` is what is to be paid."""

    account_number: str
    period: date
    amount: Kopecks
    gis_document_id: str | None = None


def order(asked: Asked, payee: Payee | None) -> Order | None:
    """None where nothing is to be paid: a code with a sum of nothing makes people ask the bank."""
    if payee is None or asked.amount <= 0:
        return None
    purpose = f"Оплата электроэнергии за {month(asked.period)}, л/с {asked.account_number}"
    return Order(
        payee, asked.amount, asked.account_number, asked.period, purpose, asked.gis_document_id
    )
