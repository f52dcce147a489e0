"""Russian and English formats of numbers."""

from datetime import date
from decimal import Decimal

import pytest

from lk_graphql.kit.formatting import format_money, format_month, format_number, format_rubles
from lk_graphql.kit.languages import Language


@pytest.mark.parametrize(
    ("value", "places", "russian", "english"),
    [
        (Decimal("1234567.500"), 0, "1 234 567,5", "1,234,567.5"),
        (Decimal(-12), 0, "\N{MINUS SIGN}12", "\N{MINUS SIGN}12"),
        (Decimal("4.93000"), 2, "4,93", "4.93"),
        (Decimal("4.9"), 2, "4,90", "4.90"),
        (Decimal("4.26667"), 2, "4,26667", "4.26667"),
        (1200, 0, "1 200", "1,200"),
        (Decimal(0), 2, "0,00", "0.00"),
    ],
)
def test_a_number_is_written_in_both_languages(
    value: Decimal, places: int, russian: str, english: str
):
    assert format_number(value, places=places) == russian.replace(" ", "\N{NO-BREAK SPACE}")
    assert format_number(value, Language.EN, places=places) == english


def test_rubles_have_two_decimals():
    assert format_rubles(123456) == "1\N{NO-BREAK SPACE}234,56"
    assert format_rubles(-5) == "\N{MINUS SIGN}0,05"
    assert format_rubles(100, Language.EN) == "1.00"


@pytest.mark.parametrize(
    ("kopecks", "russian", "english"),
    [
        (0, "0,00 ₽", "₽0.00"),
        (5, "0,05 ₽", "₽0.05"),
        (123_456_789, "1 234 567,89 ₽", "₽1,234,567.89"),
        (-100_000, "\N{MINUS SIGN}1 000,00 ₽", "\N{MINUS SIGN}₽1,000.00"),
    ],
)
def test_money_is_formatted_with_sign_and_spaces(kopecks: int, russian: str, english: str):
    assert format_money(kopecks, Language.RU) == russian.replace(" ", "\N{NO-BREAK SPACE}")
    assert format_money(kopecks, Language.EN) == english


def test_a_month_is_written_in_both_languages():
    assert format_month(date(2026, 5, 1)) == "май\N{NO-BREAK SPACE}2026"
    assert format_month(date(2026, 5, 1), Language.EN) == "May\N{NO-BREAK SPACE}2026"
    assert format_month(date(2026, 10, 1), Language.RU, space=" ") == "октябрь 2026"
    assert format_month(date(2026, 1, 1), Language.EN, space=" ") == "January 2026"
