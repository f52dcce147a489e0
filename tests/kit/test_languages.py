from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.formatting import format_duration, format_value, plural
from lk_graphql.kit.languages import Language


@pytest.mark.parametrize(
    ("count", "form"),
    [
        (0, "часов"),
        (1, "час"),
        (2, "часа"),
        (4, "часа"),
        (5, "часов"),
        (11, "часов"),
        (12, "часов"),
        (14, "часов"),
        (21, "час"),
        (22, "часа"),
        (111, "часов"),
        (121, "час"),
    ],
)
def test_russian_counts_in_three_forms(count: int, form: str):
    assert plural(count, "час", "часа", "часов") == form


@given(st.integers(0, 10**6))
def test_the_form_depends_on_the_last_two_digits(count: int):
    forms = ("час", "часа", "часов")

    assert plural(count, *forms) == plural(count + 100, *forms)


@pytest.mark.parametrize(
    ("length", "russian", "english"),
    [
        (timedelta(0), "1 секунду", "1 second"),
        (timedelta(milliseconds=1500), "2 секунды", "2 seconds"),
        (timedelta(seconds=61), "2 минуты", "2 minutes"),
        (timedelta(minutes=59, seconds=59), "60 минут", "60 minutes"),
        (timedelta(hours=1), "1 час", "1 hour"),
        (timedelta(hours=24), "24 часа", "24 hours"),
    ],
)
def test_a_span_is_never_shorter_than_true(length: timedelta, russian: str, english: str):
    assert format_duration(length, Language.RU) == russian
    assert format_duration(length, Language.EN) == english


def test_dates_are_formatted_by_language():
    assert format_value(date(2026, 11, 5), Language.RU) == "05.11.2026"
    moment = datetime(2026, 11, 5, 23, 0, tzinfo=UTC)  # 6 November in Novokuznetsk
    assert format_value(moment, Language.EN) == moment
    assert format_value(15, Language.RU) == "15"
    assert format_value(True, Language.RU) is True


@pytest.mark.parametrize(
    ("number", "russian", "english"),
    [
        ("2100.000", "2\N{NO-BREAK SPACE}100", "2,100"),
        ("0.50", "0,5", "0.5"),
        ("-12.345", "\N{MINUS SIGN}12,345", "\N{MINUS SIGN}12.345"),
    ],
)
def test_numbers_are_grouped_without_trailing_zeros(number: str, russian: str, english: str):
    assert format_value(Decimal(number), Language.RU) == russian
    assert format_value(Decimal(number), Language.EN) == english
