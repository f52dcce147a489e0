import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import names
from lk_graphql.kit.names import NameFault, NotAName

_WORDS = st.text("АБВЁЖИЙЩЫЯабвёжийщыяь", min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("written", "name"),
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
        ("И\u0306", "Й"),  # as a Mac writes it
        ("А.", "А."),
        ("А.Ф.", "А.Ф."),
        ("Ё", "Ё"),
        ("я" * 60, "я" * 60),
    ],
)
def test_tidies_a_name_and_keeps_its_case(written: str, name: str):
    assert names.parse(written) == name


@pytest.mark.parametrize(
    ("written", "fault"),
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
def test_says_why_a_text_is_no_name(written: str, fault: NameFault):
    with pytest.raises(NotAName) as refused:
        names.parse(written)

    assert refused.value.fault is fault


@given(st.text(max_size=70))
def test_what_was_tidied_stays_as_it_is(text: str):
    try:
        name = names.parse(text)
    except NotAName:
        return
    assert names.parse(name) == name
    assert 1 <= len(name) <= names.MAX_LENGTH


@given(_WORDS, _WORDS)
def test_case_yo_and_joints_make_no_difference(one: str, other: str):
    keys = {
        names.comparison_key(f"{one}-{other}"),
        names.comparison_key(f"{one} {other}".upper()),
        names.comparison_key(f" {one}'{other} ".replace("ё", "е").replace("Ё", "Е")),
    }

    assert len(keys) == 1
