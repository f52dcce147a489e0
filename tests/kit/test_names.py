import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import names
from lk_graphql.kit.names import InvalidName, NameFault

_WORDS = st.text("АБВЁЖИЙЩЫЯабвёжийщыяь", min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Иванов", "Иванов"),
        ("  Иванов \t Петров ", "Иванов Петров"),
        ("Иванова - Петрова", "Иванова-Петрова"),
        ("Иванова—Петрова", "Иванова-Петрова"),
        ("Д’Артаньян", "Д'Артаньян"),
        ("O`Brien", "O'Brien"),
        ("Müller", "Müller"),
        ("Вагиф оглы", "Вагиф оглы"),
        ("Әлия", "Әлия"),
        ("И\u0306", "Й"),  # a decomposed letter
        ("А.", "А."),
        ("А.Ф.", "А.Ф."),
        ("Ё", "Ё"),
        ("я" * 60, "я" * 60),
    ],
)
def test_a_name_is_tidied_and_keeps_its_case(text: str, name: str):
    assert names.parse(text) == name


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", NameFault.EMPTY),
        (" \u00a0 ", NameFault.EMPTY),
        ("я" * 61, NameFault.TOO_LONG),
        ("я" * 1_000_000, NameFault.TOO_LONG),
        ("Иванов2", NameFault.FOREIGN_CHARACTER),
        ("<b>Иванов", NameFault.FOREIGN_CHARACTER),
        ("Иванов\u202e", NameFault.FOREIGN_CHARACTER),
        ("Иванов\0", NameFault.FOREIGN_CHARACTER),
        ("李明", NameFault.FOREIGN_CHARACTER),
        ("Иван😀", NameFault.FOREIGN_CHARACTER),
        ("-Иванов", NameFault.BAD_PUNCTUATION),
        ("Иванов-", NameFault.BAD_PUNCTUATION),
        ("Иванова--Петрова", NameFault.BAD_PUNCTUATION),
        ("'", NameFault.BAD_PUNCTUATION),
        ("..", NameFault.BAD_PUNCTUATION),
        ("Ивaнов", NameFault.MIXED_ALPHABETS),  # a Latin «a»
    ],
)
def test_an_invalid_name_has_a_reason(text: str, fault: NameFault):
    with pytest.raises(InvalidName) as error:
        names.parse(text)

    assert error.value.fault is fault


@given(st.text(max_size=70))
def test_a_tidied_name_is_parsed_unchanged(text: str):
    try:
        name = names.parse(text)
    except InvalidName:
        return
    assert names.parse(name) == name
    assert 1 <= len(name) <= names.MAX_LENGTH


@given(_WORDS, _WORDS)
def test_case_yo_and_joints_make_no_difference(first: str, second: str):
    keys = {
        names.comparison_key(f"{first}-{second}"),
        names.comparison_key(f"{first} {second}".upper()),
        names.comparison_key(f" {first}'{second} ".replace("ё", "е").replace("Ё", "Е")),
    }

    assert len(keys) == 1
