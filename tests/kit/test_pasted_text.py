"""Values pasted from messengers, PDFs and 1C: what isn't seen is removed, look-alikes are named."""

import sys
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lk_graphql.accounts.errors import AccountNumberInvalid
from lk_graphql.accounts.service import claim_parsing
from lk_graphql.billing.service.requisites import InvalidRequisites, requisites_in
from lk_graphql.identity.errors import NameMalformed, PhoneMalformed
from lk_graphql.identity.service import forms
from lk_graphql.kit import emails, names, pasted_text, phones
from lk_graphql.kit.errors import InvalidFormat
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import StrangeCharacter
from lk_graphql.kit.typed_numbers import UnreadableNumber, read_kopecks
from lk_graphql.ports.captcha import normalize

UNSEEN = (
    "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width, byte order mark, soft hyphen
    "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069"  # direction
    "\ufe0f\u034f\u180e\u3164"  # variation selector, joiner, Mongolian and Hangul fillers
)
DIGITS = {
    "Arabic-Indic": "٠١٢٣٤٥٦٧٨٩",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Devanagari": "०१२३४५६७८९",
    "Bengali": "০১২৩৪৫৬৭৮৯",
    "Thai": "๐๑๒๓๔๕๖๗๘๙",
}
FULLWIDTH = "０１２３４５６７８９"


def account_number(text: str) -> str:
    return claim_parsing.account_number(text, pattern="[0-9]{10,12}")


VALUES: dict[str, tuple[Callable[[str], Any], str]] = {
    "phone": (phones.parse, "+7 913 123-45-12"),
    "email": (emails.parse, "marina.petrova@yandex.ru"),
    "domain": (emails.parse, "marina@почта.рф"),
    "name": (names.parse, "Салтыкова-Щедрина"),
    "account": (account_number, "0865 2475 86"),
    "ЕЛС": (claim_parsing.unified_number, "80АБ 123456"),
    "code": (pasted_text.code, "481-516"),
    "recovery": (pasted_text.code, "abcd-efgh-jkmn"),
    "captcha": (normalize, "АВ7К"),
}


@pytest.mark.parametrize("name", VALUES)
@settings(deadline=None)  # the first call loads tables
@given(data=st.data())
def test_invisible_characters_change_no_value(name: str, data: st.DataObject):
    parse, value = VALUES[name]
    pasted = "".join(
        data.draw(st.text(UNSEEN, max_size=2)) + character for character in value
    ) + data.draw(st.text(UNSEEN, max_size=3))
    if len(pasted) <= 40:
        assert parse(pasted) == parse(value)


@pytest.mark.parametrize("blank", [*"\u00a0\u2007\u2009\u202f\u3000\t"])
@pytest.mark.parametrize("name", ["phone", "account", "ЕЛС"])
def test_blanks_of_any_width_are_blanks(name: str, blank: str):
    parse, value = VALUES[name]
    assert parse(value.replace(" ", blank)) == parse(value)


@pytest.mark.parametrize("name", ["phone", "account", "ЕЛС", "code"])
def test_fullwidth_digits_are_digits(name: str):
    parse, value = VALUES[name]
    table = str.maketrans("0123456789", FULLWIDTH)
    assert parse(value.translate(table)) == parse(value)


@pytest.mark.parametrize("script", DIGITS)
@given(place=st.integers(0, 9), value=st.from_regex("[0-9]{10}", fullmatch=True))
def test_digits_of_other_scripts_are_named_with_their_place(script: str, place: int, value: str):
    digit = DIGITS[script][int(value[place])]
    pasted = value[:place] + digit + value[place + 1 :]
    with pytest.raises(AccountNumberInvalid) as refused:
        account_number(pasted)
    assert refused.value.text(Language.RU).endswith(
        f"квитанции. Знак {place + 1} — цифра «{digit}» другого письма."
    )
    with pytest.raises(phones.InvalidPhone) as not_a_phone:
        phones.parse("8" + pasted)
    assert not_a_phone.value.strange == StrangeCharacter(place + 2, digit)


@pytest.mark.parametrize(
    ("parse", "pasted", "strange"),
    [
        (phones.parse, "8 913 123-45-1О", (15, "О")),
        (phones.parse, "8 913 123-45-12 доб. 7", (17, "д")),
        (phones.parse, "8 9\u200b13 +123", (7, "+")),
        (emails.parse, "mаrina@ya.ru", (2, "а")),
        (emails.parse, "marina@yаndex.ru", (9, "а")),
        (emails.parse, "marina@mail.yаndex.ru", (14, "а")),
        (names.parse, "Ивaнов", (3, "a")),
        (names.parse, "Салтыков-Щeдрин", (11, "e")),
        (names.parse, "Петров5", (7, "5")),
        (names.parse, "Иванов\u202e", (7, "\u202e")),
    ],
)
def test_a_refusal_names_the_character_and_its_place(
    parse: Callable[[str], Any], pasted: str, strange: tuple[int, str]
):
    """The place is counted among the characters that are seen."""
    kind: type[InvalidFormat[Any]] = InvalidFormat
    with pytest.raises(kind) as refused:
        parse(pasted)
    assert refused.value.strange == StrangeCharacter(*strange)


def test_customers_read_the_place_in_their_language():
    with pytest.raises(PhoneMalformed) as phone:
        forms.phone("8 913 123-45-1О")
    with pytest.raises(NameMalformed) as name:
        forms.name("Ивaнов")
    assert phone.value.text(Language.RU) == (
        "Только цифры, без добавочного номера, например +7 913 123-45-67."
        " Знак 15 — кириллическая «О»."
    )
    assert name.value.text(Language.EN) == (
        "Russian and Latin letters in one word. Check the keyboard layout."
        " Character 3 is Latin “a”."
    )


@pytest.mark.parametrize(
    ("value", "strange"),
    [
        ("80О5247586", (3, "О")),
        ("80O5247586", (3, "O")),
        ("A123Б", (1, "A")),
        ("СЭТ-4TМ", (6, "T")),
        ("12٣456", (3, "٣")),
        ("СЭТ-4ТМ.03M", None),
        ("12А", None),
        ("0865247586", None),
        ("AB123456", None),
    ],
)
def test_a_look_alike_in_an_identifier_is_detected(value: str, strange: tuple[int, str] | None):
    expected = StrangeCharacter(*strange) if strange else None
    assert pasted_text.find_look_alike(value) == expected


def test_every_invisible_character_of_unicode_is_removed():
    """All of category Cf but the visible ones, and U+202E, which turns a text around."""
    formats = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"]
    kept = {character for character in formats if pasted_text.strip_invisible(character)}
    assert {unicodedata.name(character).split()[0] for character in kept} == {
        "ARABIC",
        "SYRIAC",
        "KAITHI",
        "EGYPTIAN",
        "RIGHT-TO-LEFT",
    }
    assert len(kept) <= 32


@given(st.text())
def test_folding_is_idempotent(text: str):
    assert pasted_text.to_compatible(pasted_text.to_compatible(text)) == pasted_text.to_compatible(
        text
    )
    assert pasted_text.strip_invisible(
        pasted_text.strip_invisible(text)
    ) == pasted_text.strip_invisible(text)
    assert pasted_text.code(pasted_text.code(text)) == pasted_text.code(text)


REQUISITES = """
valid_from = 2026-01-01
name = "ООО «Энергия»"
inn = "7707083893"
kpp = "770701001"
ogrn = "1027700132195"
bank_name = "ПАО Сбербанк"
bic = "{bic}"
account = "{account}"
address = "Москва"
phone = "+7 495 500-55-50"
office_hours = "9–18"
"""


@pytest.mark.parametrize(
    ("bic", "message"),
    [
        ("О44525225", "bic: character 1 is Cyrillic “О”"),
        ("O44525225", "bic: character 1 is Latin “O”"),
        ("04452522٥", "bic: character 9 is “٥”, a digit of another script"),
    ],
)
def test_look_alikes_in_requisites_are_named(bic: str, message: str):
    with pytest.raises(InvalidRequisites) as refused:
        requisites_in(REQUISITES.format(bic=bic, account="40702810900000000000"))
    assert message in str(refused.value).splitlines()


def small_numbers() -> list[str]:
    """All characters that NFKC makes digits of, and that are no digits of a script."""
    return [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if not character.isdecimal()
        and any(map(str.isdecimal, unicodedata.normalize("NFKC", character)))
    ]


def test_small_numbers_are_no_digits_of_the_number_before_them():
    """`1234⁵⁰` on a price tag is no 123450 rubles, a footnote no digit of an account's number."""
    assert len(small_numbers()) > 200
    for small in small_numbers():
        assert pasted_text.to_compatible(f"a\u00a0{small}б") == f"a {small}б"
        assert isinstance(read_kopecks(f"1234{small}"), UnreadableNumber)
        with pytest.raises(phones.InvalidPhone):
            phones.parse(f"+7 913 123-45-1{small}")


def test_a_footnote_behind_an_account_number_is_named():
    with pytest.raises(AccountNumberInvalid):
        account_number("0865247586¹")
    malformed = read_kopecks("1234⁵⁰")
    assert isinstance(malformed, UnreadableNumber)
    assert malformed.strange == StrangeCharacter(5, "⁵")
