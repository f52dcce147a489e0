"""Numbers as people type them: read in one way, or a refusal for the person."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.languages import Language
from lk_graphql.kit.typed_numbers import (
    MONEY_PATTERN,
    QUANTITY_PATTERN,
    AmountMalformed,
    NumberMalformed,
    UnreadableNumber,
    read_decimal,
    read_kopecks,
)

BLANKS = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])


@st.composite
def typed(draw: st.DrawFn) -> tuple[int, str]:
    """An amount in kopecks, and one of the ways in which people type it."""
    kopecks = draw(st.integers(-(10**17) + 1, 10**17 - 1))
    whole, fraction = divmod(abs(kopecks), 100)
    digits = f"{whole:,}".replace(",", draw(BLANKS)) if draw(st.booleans()) else f"{whole}"
    cents = draw(st.sampled_from([".", ","])) + f"{fraction:02}"
    if fraction % 10 == 0:
        cents = draw(st.sampled_from([cents, cents[:-1]]))
    if fraction == 0:
        cents = draw(st.sampled_from([cents, ""]))
    minus = draw(st.sampled_from("-\u2212\u2013")) if kopecks < 0 else ""
    return kopecks, f"{draw(st.sampled_from(['', ' ']))}{minus}{digits}{cents}"


@given(typed())
def test_an_amount_is_read_as_it_was_meant(pair: tuple[int, str]):
    kopecks, text = pair

    assert read_kopecks(text) == kopecks
    assert read_decimal(text) == Decimal(kopecks).scaleb(-2)


@given(st.text())
def test_any_text_is_read_or_malformed(text: str):
    assert isinstance(read_kopecks(text), int | UnreadableNumber)
    assert isinstance(read_decimal(text), Decimal | UnreadableNumber)


@given(st.from_regex(f"^({MONEY_PATTERN})$", fullmatch=True))
def test_a_text_of_the_published_pattern_of_money_is_read(text: str):
    assert isinstance(read_kopecks(text), int)


@given(st.from_regex(f"^({QUANTITY_PATTERN})$", fullmatch=True))
def test_a_text_of_the_published_pattern_of_quantities_is_read(text: str):
    assert isinstance(read_decimal(text), Decimal)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "abc", "NaN", "Infinity", "1e3", "0x1", "1,2,3", "1.234,5", "1,234.5"),
        *(",5", "5,", "+5", "--5", "1 23", "12 34,5", "1 2345", "12,5 ₽", "9" * 30, "9" * 5000),
    ],
)
def test_an_ambiguous_or_invalid_number_is_malformed(text: str):
    for number, refusal in (
        (read_kopecks(text), AmountMalformed),
        (read_decimal(text), NumberMalformed),
    ):
        assert isinstance(number, UnreadableNumber)
        assert number.refusal is refusal


def test_a_fraction_of_a_kopeck_is_no_amount():
    assert isinstance(read_kopecks("12,555"), UnreadableNumber)
    assert read_decimal("12,555") == Decimal("12.555")


def test_the_refusal_names_the_character_that_is_no_digit():
    malformed = read_kopecks("1О0,50")
    assert isinstance(malformed, UnreadableNumber)
    refusal = malformed.refusal("amount", strange=malformed.strange)

    assert refusal.text(Language.RU) == (
        "Напишите сумму цифрами: рубли и копейки, например 1234,56. Знак 2 — кириллическая «О»."
    )
    assert refusal.text(Language.EN) == (
        "Write the amount in digits: rubles and kopecks, such as 1234.56. "
        "Character 2 is Cyrillic “О”."
    )


def test_a_quantity_has_a_refusal_of_its_own():
    malformed = read_decimal("12.34.56")
    assert malformed == UnreadableNumber(NumberMalformed)
    assert NumberMalformed().text(Language.RU) == (
        "Напишите число цифрами, например 120 или 120,5."
    )


def test_the_patterns_have_no_syntax_of_python_alone():
    for pattern in (MONEY_PATTERN, QUANTITY_PATTERN):
        assert not re.search(r"\\[AZdwsb]|\(\?", pattern)
