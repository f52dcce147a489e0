"""Signs of the balance sheet."""

from lk_graphql.demo.data.debts import BalanceSheet
from lk_graphql.kit.money import Kopecks


def sheet(opening: int, charged: int, recalculated: int, penalty: int, paid: int) -> BalanceSheet:
    return BalanceSheet(
        Kopecks(opening), Kopecks(charged), Kopecks(recalculated), Kopecks(penalty), Kopecks(paid)
    )


def test_the_closing_balance_is_the_opening_one_and_the_charges_less_payments():
    assert sheet(1000, 90_000, -5000, 32, 80_000).closing == 6032
