"""Masks show the first letters of words only."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.accounts.service.masks import masked_address, masked_holder

SYLLABLES = st.text(alphabet="бвгжзлнрстшабеиоуыя", min_size=5, max_size=12)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("ул. Кирова, д. 12", "ул. К***, д. 1*"),
        (
            "654007, Кемеровская область - Кузбасс, г. Новокузнецк, пр-кт Мира, д. 7, кв. 31",
            "К*** область - К***, г. Н***, пр-кт М***, д. 7*, кв. 3*",
        ),
        (
            "654007, г. Новокузнецк, ул. 40 лет Октября, д. 12/3а",
            "г. Н***, ул. 4* л*** О***, д. 1*",
        ),
        ("", ""),
    ],
)
def test_an_address_shows_first_characters(address: str, masked: str):
    assert masked_address(address) == masked


@pytest.mark.parametrize(
    ("person", "masked"),
    [
        (("Иванова", "Пелагея", "Сергеевна"), "И*** П. С."),
        (("иванова", "п.", None), "И*** П."),
        (("О'Генри", "Уильям", None), "О*** У."),
    ],
)
def test_a_holder_shows_initials(person: tuple[str, str, str | None], masked: str):
    assert masked_holder(*person) == masked


@given(st.lists(SYLLABLES, min_size=1, max_size=4), st.integers(10, 99999))
def test_no_word_shows_more_than_its_first_character(words: list[str], house: int):
    masked = masked_address(f"ул. {' '.join(words)}, д. {house}")
    assert masked == f"ул. {' '.join(w[0] + '***' for w in words)}, д. {str(house)[0]}*"


@given(SYLLABLES, SYLLABLES, st.none() | SYLLABLES)
def test_masked_names_don_t_reveal_their_length(last: str, first: str, patronymic: str | None):
    masked = masked_holder(last, first, patronymic)
    assert re.fullmatch(r"[А-Я]\*\*\* [А-Я]\." + (r" [А-Я]\." if patronymic else ""), masked)
