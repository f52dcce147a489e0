"""What kind of household an account is: how it lives, reads its meter and pays."""

from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from lk_graphql.accounts.models import HouseKind, TariffCategory
from lk_graphql.demo.chance import chance
from lk_graphql.demo.persons import Person, person
from lk_graphql.demo.streets import Place, detached, flat, village_house
from lk_graphql.metering.models import Zone


class Reader(Enum):
    """Who reads the meter, and how regularly."""

    REGULAR = auto()
    FORGETFUL = auto()
    CONTROLLER = auto()
    SMART = auto()


class Payer(Enum):
    """How bills are paid."""

    PUNCTUAL = auto()
    LATE = auto()
    AHEAD = auto()
    DEBTOR = auto()


ONE_RATE = (Zone.SINGLE,)
TWO_RATES = (Zone.DAY, Zone.NIGHT)
THREE_RATES = (Zone.PEAK, Zone.HALF_PEAK, Zone.NIGHT)


@dataclass(frozen=True)
class Household:
    """`monthly_kwh` is an average month; `shares` says how it falls on the zones."""

    n: int
    holder: Person
    place: Place
    house_kind: HouseKind
    category: TariffCategory
    residents: int
    area_m2: int
    monthly_kwh: float
    shares: dict[Zone, float]
    reader: Reader
    payer: Payer
    has_range_privilege: bool

    @property
    def zones(self) -> tuple[Zone, ...]:
        return tuple(self.shares)


# The demo customer's three accounts, and one that nobody has linked yet.
_KNOWN: dict[int, tuple[TariffCategory, tuple[Zone, ...], Reader, Payer]] = {
    1: (TariffCategory.URBAN_GAS, TWO_RATES, Reader.REGULAR, Payer.PUNCTUAL),
    2: (TariffCategory.URBAN_ELECTRIC, ONE_RATE, Reader.FORGETFUL, Payer.DEBTOR),
    3: (TariffCategory.RURAL, THREE_RATES, Reader.REGULAR, Payer.AHEAD),
    4: (TariffCategory.URBAN_GAS, ONE_RATE, Reader.REGULAR, Payer.PUNCTUAL),
}


def household(n: int) -> Household:
    """The n-th household, from 1."""
    dice = chance("household", n)
    category, zones, reader, payer = _KNOWN.get(n) or _traits(dice)
    residents = dice.choices(range(1, 7), (24, 32, 22, 14, 6, 2))[0]
    kind, place = _home(n, category, dice)
    return Household(
        n=n,
        holder=person(dice),
        place=place,
        house_kind=kind,
        category=category,
        residents=residents,
        area_m2=dice.randint(28, 46) + 11 * residents,
        monthly_kwh=_usual(category, residents, dice),
        shares=_shares(zones, dice),
        reader=reader,
        payer=payer,
        has_range_privilege=residents >= 5 and n not in _KNOWN,
    )


def _traits(dice: Random) -> tuple[TariffCategory, tuple[Zone, ...], Reader, Payer]:
    return (
        dice.choices(list(TariffCategory), (58, 30, 12))[0],
        dice.choices((ONE_RATE, TWO_RATES, THREE_RATES), (58, 32, 10))[0],
        dice.choices(list(Reader), (66, 20, 8, 6))[0],
        dice.choices(list(Payer), (66, 16, 9, 9))[0],
    )


def _home(n: int, category: TariffCategory, dice: Random) -> tuple[HouseKind, Place]:
    if category is TariffCategory.RURAL:
        return HouseKind.DETACHED, village_house(n)
    if category is TariffCategory.URBAN_ELECTRIC and dice.random() < 0.4 and n not in _KNOWN:
        return HouseKind.DETACHED, detached(n)
    return HouseKind.APARTMENT, flat(n)


def _usual(category: TariffCategory, residents: int, dice: Random) -> float:
    per_person = {
        TariffCategory.URBAN_GAS: 48,
        TariffCategory.URBAN_ELECTRIC: 84,
        TariffCategory.RURAL: 105,
    }[category]
    return (65 + per_person * residents) * dice.uniform(0.75, 1.35)


def _shares(zones: tuple[Zone, ...], dice: Random) -> dict[Zone, float]:
    usual = {
        Zone.SINGLE: 1.0,
        Zone.DAY: 0.68,
        Zone.PEAK: 0.28,
        Zone.HALF_PEAK: 0.42,
        Zone.NIGHT: 0.31,
    }
    weights = {zone: usual[zone] * dice.uniform(0.85, 1.15) for zone in zones}
    return {zone: weight / sum(weights.values()) for zone, weight in weights.items()}
