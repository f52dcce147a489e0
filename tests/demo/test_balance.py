"""Signs of the balance sheet."""

from lk_graphql.demo.data.debts import BalanceSheet
from lk_graphql.kit.money import Kopecks


def sheet(opening: int, charged: int, recalculated: int, penalty: int, paid: int) -> BalanceSheet:
    return BalanceSheet(
        Kopecks(opening), Kopecks(charged), Kopecks(recalculated), Kopecks(penalty), Kopecks(paid)
    )


def test_closes_with_what_was_added_less_what_was_paid():
    assert sheet(1000, 90_000, -5000, 32, 80_000).closing == 6032
