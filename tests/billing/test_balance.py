"""The balance sheet's signs."""

from lk_graphql.billing.service.balance import BalanceSheet, debt_of, overpayment_of
from lk_graphql.kit.money import Kopecks


def sheet(opening: int, charged: int, recalculated: int, penalty: int, paid: int) -> BalanceSheet:
    return BalanceSheet(
        Kopecks(opening), Kopecks(charged), Kopecks(recalculated), Kopecks(penalty), Kopecks(paid)
    )


def test_closes_with_what_was_added_less_what_was_paid():
    assert sheet(1000, 90_000, -5000, 32, 80_000).closing == 6032


def test_paid_ahead_is_an_overpayment_and_no_debt():
    closing = sheet(0, 100, 0, 0, 350).closing

    assert (debt_of(closing), overpayment_of(closing)) == (0, 250)


def test_owed_is_a_debt_and_no_overpayment():
    closing = sheet(500, 100, 0, 0, 350).closing

    assert (debt_of(closing), overpayment_of(closing)) == (250, 0)
