"""Fictitious persons and addresses, from lists of names and streets."""

from dataclasses import dataclass
from importlib.resources import files
from random import Random


def listed(name: str) -> list[str]:
    file = files("lk_graphql.demo.data") / "lists" / f"{name}.txt"
    return file.read_text("utf-8").split("\n")[:-1]


# feminine surnames in -ов, -ев, -ин have an additional -а
_SURNAMES, _UNCHANGED = listed("surnames"), listed("surnames_of_both")
_ADJECTIVES = ("Белозерск", "Вишневск", "Дубровск", "Заболоцк", "Покровск", "Успенск", "Яновск")
_MEN, _WOMEN = listed("men"), listed("women")
# both forms, because the rule has exceptions
_PATRONYMICS = [pair.split() for pair in listed("patronymics")]


@dataclass(frozen=True)
class Person:
    """A name; `patronymic` is None for a few people."""

    last_name: str
    first_name: str
    patronymic: str | None


def person(rng: Random) -> Person:
    is_woman = rng.random() < 0.55
    first_name = rng.choice(_WOMEN if is_woman else _MEN)
    patronymic = rng.choice(_PATRONYMICS)[is_woman]
    has_none = rng.random() < 0.01
    surname = _surname(rng, is_woman=is_woman)
    return Person(surname, first_name, None if has_none else patronymic)


def _surname(rng: Random, *, is_woman: bool) -> str:
    match rng.randrange(40):
        case 0:
            return rng.choice(_UNCHANGED)
        case 1:
            return rng.choice(_ADJECTIVES) + ("ая" if is_woman else "ий")
        case 2:
            return "-".join(rng.choice(_SURNAMES) + "а" * is_woman for _ in range(2))
        case _:
            return rng.choice(_SURNAMES) + "а" * is_woman


STREETS, OUTSKIRTS = listed("streets"), listed("outskirts")
VILLAGES, VILLAGE_STREETS = listed("villages"), listed("village_streets")


@dataclass(frozen=True)
class HomeAddress:
    """An address on one line; detached houses have no flat."""

    address: str
    flat: str | None = None


def flat(n: int) -> HomeAddress:
    """The n-th flat of the city; consecutive flats are far apart, and repeat after 500,000."""
    n = n * 104_729 % (len(STREETS) * 90 * 96)
    n, number = divmod(n, 96)
    house, street = divmod(n, len(STREETS))
    address = f"г. Новокузнецк, {STREETS[street]}, д. {house + 1}, кв. {number + 1}"
    return HomeAddress(address, str(number + 1))


def detached(n: int) -> HomeAddress:
    """The n-th house of the city's outskirts."""
    house, street = divmod(n * 7919 % (len(OUTSKIRTS) * 180), len(OUTSKIRTS))
    return HomeAddress(f"г. Новокузнецк, {OUTSKIRTS[street]}, д. {house + 1}")


def village_house(n: int) -> HomeAddress:
    """The n-th house of the villages."""
    n, village = divmod(n * 7919 % (len(VILLAGES) * len(VILLAGE_STREETS) * 60), len(VILLAGES))
    house, street = divmod(n, len(VILLAGE_STREETS))
    where = f"{VILLAGES[village]}, {VILLAGE_STREETS[street]}, д. {house + 1}"
    return HomeAddress(f"Новокузнецкий р-н, {where}")
