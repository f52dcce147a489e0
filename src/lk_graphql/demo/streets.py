"""Where people live: streets of Novokuznetsk and of the villages around it."""

from dataclasses import dataclass

from lk_graphql.demo.lists import listed

STREETS, OUTSKIRTS = listed("streets"), listed("outskirts")
VILLAGES, VILLAGE_STREETS = listed("villages"), listed("village_streets")


@dataclass(frozen=True)
class Place:
    """An address on one line; houses of one's own have no flat."""

    address: str
    flat: str | None = None


def flat(n: int) -> Place:
    """The n-th flat of the city, neighbours far apart; they repeat after half a million."""
    n = n * 104_729 % (len(STREETS) * 90 * 96)
    n, number = divmod(n, 96)
    house, street = divmod(n, len(STREETS))
    address = f"г. Новокузнецк, {STREETS[street]}, д. {house + 1}, кв. {number + 1}"
    return Place(address, str(number + 1))


def detached(n: int) -> Place:
    """The n-th house of the city's outskirts."""
    house, street = divmod(n * 7919 % (len(OUTSKIRTS) * 180), len(OUTSKIRTS))
    return Place(f"г. Новокузнецк, {OUTSKIRTS[street]}, д. {house + 1}")


def village_house(n: int) -> Place:
    """The n-th house of the villages."""
    n, village = divmod(n * 7919 % (len(VILLAGES) * len(VILLAGE_STREETS) * 60), len(VILLAGES))
    house, street = divmod(n, len(VILLAGE_STREETS))
    where = f"{VILLAGES[village]}, {VILLAGE_STREETS[street]}, д. {house + 1}"
    return Place(f"Новокузнецкий р-н, {where}")
