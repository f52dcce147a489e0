"""Households: size, consumption, meter reading and payment behaviour."""

from dataclasses import dataclass
from enum import Enum, auto
from random import Random

from lk_graphql.accounts.models import HouseKind, TariffCategory
from lk_graphql.demo.data.names import HomeAddress, Person, detached, flat, person, village_house
from lk_graphql.demo.data.rng import seeded_random
from lk_graphql.metering.models import Zone


class MeterReader(Enum):
    """The person or device that reads the meter, and the regularity."""

    REGULAR = auto()
    FORGETFUL = auto()
    CONTROLLER = auto()
    SMART = auto()


class PaymentBehaviour(Enum):
    """The way of paying bills."""

    PUNCTUAL = auto()
    LATE = auto()
    AHEAD = auto()
    DEBTOR = auto()


ONE_RATE = (Zone.SINGLE,)
TWO_RATES = (Zone.DAY, Zone.NIGHT)
THREE_RATES = (Zone.PEAK, Zone.HALF_PEAK, Zone.NIGHT)


@dataclass(frozen=True)
class Traits:
    """The traits from which all other data is derived."""

    category: TariffCategory
    zones: tuple[Zone, ...]
    reader: MeterReader
    payer: PaymentBehaviour
    residents: int
    is_verification_due: bool = False
    has_typed_wrongly: bool = False
    hours_cut_off: int = 0
    """Hours of interruption beyond the permitted ones, compensated by the newest bill."""


# the first accounts, which demonstrate particular cases
FEATURED = {
    1: Traits(
        TariffCategory.URBAN_GAS,
        TWO_RATES,
        MeterReader.REGULAR,
        PaymentBehaviour.PUNCTUAL,
        residents=3,
        hours_cut_off=26,
    ),
    2: Traits(
        TariffCategory.URBAN_ELECTRIC,
        ONE_RATE,
        MeterReader.FORGETFUL,
        PaymentBehaviour.DEBTOR,
        residents=5,
        is_verification_due=True,
    ),
    3: Traits(
        TariffCategory.RURAL,
        THREE_RATES,
        MeterReader.REGULAR,
        PaymentBehaviour.AHEAD,
        residents=2,
        has_typed_wrongly=True,
    ),
    4: Traits(
        TariffCategory.URBAN_GAS, ONE_RATE, MeterReader.REGULAR, PaymentBehaviour.PUNCTUAL, 2
    ),
    5: Traits(
        TariffCategory.URBAN_ELECTRIC, TWO_RATES, MeterReader.SMART, PaymentBehaviour.PUNCTUAL, 4
    ),
}


@dataclass(frozen=True)
class Household:
    """A household; `monthly_kwh` is an average month, and `shares` its split by zone."""

    n: int
    holder: Person
    place: HomeAddress
    house_kind: HouseKind
    category: TariffCategory
    residents: int
    area_m2: int
    monthly_kwh: float
    shares: dict[Zone, float]
    reader: MeterReader
    payer: PaymentBehaviour
    has_range_privilege: bool

    @property
    def zones(self) -> tuple[Zone, ...]:
        return tuple(self.shares)

    @property
    def featured(self) -> Traits | None:
        return FEATURED.get(self.n)


def household(n: int) -> Household:
    """The n-th household, starting at 1."""
    rng = seeded_random("household", n)
    traits = FEATURED.get(n) or _traits(rng)
    kind, place = _home(n, traits.category, rng)
    return Household(
        n=n,
        holder=person(rng),
        place=place,
        house_kind=kind,
        category=traits.category,
        residents=traits.residents,
        area_m2=rng.randint(28, 46) + 11 * traits.residents,
        monthly_kwh=_usual(traits.category, traits.residents, rng),
        shares=_shares(traits.zones, rng),
        reader=traits.reader,
        payer=traits.payer,
        has_range_privilege=traits.residents >= 5 and n not in FEATURED,
    )


def _traits(rng: Random) -> Traits:
    return Traits(
        rng.choices(list(TariffCategory), (58, 30, 12))[0],
        rng.choices((ONE_RATE, TWO_RATES, THREE_RATES), (58, 32, 10))[0],
        rng.choices(list(MeterReader), (66, 20, 8, 6))[0],
        rng.choices(list(PaymentBehaviour), (66, 16, 9, 9))[0],
        rng.choices(range(1, 7), (24, 32, 22, 14, 6, 2))[0],
    )


def _home(n: int, category: TariffCategory, rng: Random) -> tuple[HouseKind, HomeAddress]:
    if category is TariffCategory.RURAL:
        return HouseKind.DETACHED, village_house(n)
    if category is TariffCategory.URBAN_ELECTRIC and rng.random() < 0.4 and n not in FEATURED:
        return HouseKind.DETACHED, detached(n)
    return HouseKind.APARTMENT, flat(n)


def _usual(category: TariffCategory, residents: int, rng: Random) -> float:
    per_person = {
        TariffCategory.URBAN_GAS: 48,
        TariffCategory.URBAN_ELECTRIC: 84,
        TariffCategory.RURAL: 105,
    }[category]
    return (65 + per_person * residents) * rng.uniform(0.75, 1.35)


def _shares(zones: tuple[Zone, ...], rng: Random) -> dict[Zone, float]:
    usual = {
        Zone.SINGLE: 1.0,
        Zone.DAY: 0.68,
        Zone.PEAK: 0.28,
        Zone.HALF_PEAK: 0.42,
        Zone.NIGHT: 0.31,
    }
    weights = {zone: usual[zone] * rng.uniform(0.85, 1.15) for zone in zones}
    return {zone: weight / sum(weights.values()) for zone, weight in weights.items()}
