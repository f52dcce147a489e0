import pytest
from hypothesis import assume, given
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
    assert 1 <= len(name) <= names.LONGEST


@given(_WORDS, _WORDS)
def test_case_yo_and_joints_make_no_difference(one: str, other: str):
    keys = {
        names.key(f"{one}-{other}"),
        names.key(f"{one} {other}".upper()),
        names.key(f" {one}'{other} ".replace("ё", "е").replace("Ё", "Е")),
    }

    assert len(keys) == 1


@given(_WORDS, _WORDS, _WORDS)
def test_a_holder_is_found_by_surname_however_billing_writes_the_rest(
    surname: str, first: str, patronymic: str
):
    for holder in (
        f"{surname} {first} {patronymic}",
        f"{surname} {first[0]}.{patronymic[0]}.".upper(),
        f"{surname} {first[0]}. {patronymic[0]}.",
    ):
        assert names.is_surname_of(surname, holder)
        assert names.is_same_person(surname, first, holder)


@given(_WORDS, _WORDS, _WORDS)
def test_another_surname_finds_nothing(surname: str, other: str, first: str):
    assume(names.key(other) not in {names.key(surname), names.key(surname + first)})

    assert not names.is_surname_of(other, f"{surname} {first}")


@pytest.mark.parametrize(
    ("surname", "holder", "is_his"),
    [
        ("Камаев", "Камаев А.Ф.", True),
        ("камаев", "КАМАЕВ А.Ф.", True),
        ("Камаева", "Камаев А.Ф.", False),  # the initial doesn't grow onto the surname
        ("Кама", "Камаев А.Ф.", False),
        ("Иванова-Петрова", "ИВАНОВА ПЕТРОВА АННА", True),
        ("Иванова", "Иванова-Петрова Анна", False),
        ("Фёдоров", "Федоров", True),
        ("О", "О Чжон", True),
        ("", "Камаев А.Ф.", False),
        ("Камаев", "", False),
    ],
)
def test_the_whole_surname_has_to_fit(surname: str, holder: str, is_his: bool):  # noqa: FBT001
    assert names.is_surname_of(surname, holder) is is_his


def test_a_namesake_with_another_first_name_is_another_person():
    assert names.is_same_person("Камаев", "Александр", "Камаев А.Ф.")
    assert names.is_same_person("Камаев", "Артём", "Камаев Артем Фёдорович")
    assert not names.is_same_person("Камаев", "Борис", "Камаев А.Ф.")
    assert not names.is_same_person("Камаев", "Ал", "Камаев Александр")
    assert not names.is_same_person("Камаев", "Александр", "Камаев")
