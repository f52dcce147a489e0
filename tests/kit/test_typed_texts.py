"""Texts as people paste them: read as they look; what hides a part of them is refused."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.appeals.errors import TextInvalid
from lk_graphql.kit.languages import Language
from lk_graphql.kit.typed_texts import read_line, read_text

READ = {
    "  Мигает свет. \r\n": "Мигает свет.",
    "первая\rвторая\r\nтретья": "первая\nвторая\nтретья",
    "строка\vвторая": "строка\nвторая",  # Shift+Enter in Word
    "страница\fвторая": "страница\nвторая",  # a PDF
    "a\u0085b\u2028c\u2029d": "a\nb\nc\nd",
    "счёт\x1eфактура, под\x1fключение": "счёт-фактура, подключение",  # Word's hyphens
    "тел. \u202a+79131234567\u202c!": "тел. +79131234567!",  # from contacts
    "\ufeffтекст": "текст",
    "И\u0306од": "Йод",
    "\uf0b7 первый": "\uf0b7 первый",  # a bullet of Word's font
    "Счёт \U0001fae8\U0001fae9": "Счёт \U0001fae8\U0001fae9",  # emoji of Unicode 15 and 16
    "👩‍👩‍👧‍👦 ❤️ 🇷🇺": "👩‍👩‍👧‍👦 ❤️ 🇷🇺",
    "مرحبا ١٢٣": "مرحبا ١٢٣",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "𝒜𠀀": "𝒜𠀀",
}


def refusal() -> TextInvalid:
    return TextInvalid("text", longest=100)


@pytest.mark.parametrize("pasted", READ)
def test_a_pasted_text_is_normalised(pasted: str):
    assert read_text(pasted, refusal(), longest=100) == READ[pasted]
    assert read_line(pasted, refusal(), longest=100) == " ".join(READ[pasted].split())


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u200b", "\u3164", "\ufeff", "\u202a\u202c"])
def test_a_text_without_visible_characters_is_refused(text: str):
    for read in (read_text, read_line):
        with pytest.raises(TextInvalid):
            read(text, refusal(), longest=100)


def test_a_line_may_be_optional():
    assert read_line(" \u00a0\n", refusal(), shortest=0, longest=3) == ""


@pytest.mark.parametrize(
    "hidden", ["\0", "\x07", "\x1b", "\x7f", "\x92", "\u202e", "\ufdd0", "\ufffe", "\U0010ffff"]
)
def test_a_hiding_character_is_refused_with_its_position(hidden: str):
    for read in (read_text, read_line):
        with pytest.raises(TextInvalid) as refused:
            read(f" звонок{hidden}!", refusal(), longest=100)
        assert refused.value.text(Language.RU) == (
            f"Напишите текст: до 100 символов, без управляющих. Знак 7 — «U+{ord(hidden):04X}»."
        )


def test_every_unassigned_or_private_character_is_accepted():
    """The Unicode of a Python is older than the keyboards of telephones."""
    accepted = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cn", "Co"}
        and code & 0xFFFE != 0xFFFE  # Unicode's noncharacters
        and not 0xFDD0 <= code <= 0xFDEF
    ]
    assert len(accepted) > 900_000
    for start in range(0, len(accepted), 4096):
        text = "a".join(["", *accepted[start : start + 4096], ""])
        assert read_text(text, refusal(), longest=len(text)) == text


@given(st.text())
def test_any_text_is_read_to_its_end_or_refused(text: str):
    try:
        result = read_text(text, refusal(), longest=50)
    except TextInvalid:
        return
    assert read_text(result, refusal(), longest=50) == result
