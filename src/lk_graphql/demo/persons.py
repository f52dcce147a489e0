"""Invented persons whose surname, first name and patronymic agree with each other."""

from dataclasses import dataclass
from random import Random

from lk_graphql.demo.lists import listed

# surnames in -ов, -ев, -ин take an -а for women
_SURNAMES, _UNCHANGED = listed("surnames"), listed("surnames_of_both")
_ADJECTIVES = ("Белозерск", "Вишневск", "Дубровск", "Заболоцк", "Покровск", "Успенск", "Яновск")
_MEN, _WOMEN = listed("men"), listed("women")
# both forms: no rule makes them without exceptions
_PATRONYMICS = [pair.split() for pair in listed("patronymics")]


@dataclass(frozen=True)
class Person:
    """`patronymic` is None for the few who have none."""

    last_name: str
    first_name: str
    patronymic: str | None


def person(dice: Random) -> Person:
    is_woman = dice.random() < 0.55
    first_name = dice.choice(_WOMEN if is_woman else _MEN)
    patronymic = dice.choice(_PATRONYMICS)[is_woman]
    has_none = dice.random() < 0.01
    surname = _surname(dice, is_woman=is_woman)
    return Person(surname, first_name, None if has_none else patronymic)


def _surname(dice: Random, *, is_woman: bool) -> str:
    match dice.randrange(40):
        case 0:
            return dice.choice(_UNCHANGED)
        case 1:
            return dice.choice(_ADJECTIVES) + ("ая" if is_woman else "ий")
        case 2:
            return "-".join(dice.choice(_SURNAMES) + "а" * is_woman for _ in range(2))
        case _:
            return dice.choice(_SURNAMES) + "а" * is_woman
