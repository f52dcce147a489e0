"""Due days by dated rules, on working days."""

from datetime import date

import pytest

from lk_graphql.demo.data.debts import DueTerms, DueTermsNotFound, due_on, issue_by

ROWS = [
    DueTerms(date(2005, 3, 1), document_day=1, due_day=10),
    DueTerms(date(2026, 3, 1), document_day=5, due_day=15),
]


@pytest.mark.parametrize(
    ("period", "due"),
    [
        (date(2026, 1, 1), date(2026, 2, 10)),
        (date(2026, 2, 1), date(2026, 3, 10)),  # the last bill of the old rule
        (date(2026, 3, 1), date(2026, 4, 15)),
        (date(2026, 10, 1), date(2026, 11, 16)),  # the 15th is a Sunday
        (date(2025, 12, 1), date(2026, 1, 12)),  # the 10th is a Saturday after the holidays
        (date(2024, 4, 1), date(2024, 5, 13)),  # the 10th was moved from 6 January
    ],
)
def test_the_due_day_is_that_of_the_rule_or_the_next_working_day(period: date, due: date):
    assert due_on(period, ROWS) == due


def test_documents_have_a_day_of_their_own():
    assert issue_by(date(2026, 2, 1), ROWS) == date(2026, 3, 1)
    assert issue_by(date(2026, 3, 1), ROWS) == date(2026, 4, 5)


def test_a_month_before_all_rules_is_the_operators_fault():
    with pytest.raises(DueTermsNotFound):
        due_on(date(2000, 1, 1), ROWS)
