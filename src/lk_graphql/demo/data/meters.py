"""The meters of a household, with their registers, replacements and values."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from lk_graphql.demo.data import rules
from lk_graphql.demo.data.household import ONE_RATE, TWO_RATES, Household, MeterReader
from lk_graphql.demo.data.rng import Keys, seeded_random, some_day
from lk_graphql.kit.periods import shift
from lk_graphql.metering.models import Meter, Reading, Register, Zone
from lk_graphql.metering.service.consumption import Scale, Span, consumed, physical_limit
from lk_graphql.metering.service.rules import estimate


@dataclass(frozen=True)
class Device:
    """A meter model. Its registers are labelled T1, T2, T3 in the order of `zones`."""

    model: str
    zones: tuple[Zone, ...]
    digits: int
    accuracy_class: str
    interval_years: int


_PEAK_NIGHT_HALF = (Zone.PEAK, Zone.NIGHT, Zone.HALF_PEAK)
_PEAK_HALF_NIGHT = (Zone.PEAK, Zone.HALF_PEAK, Zone.NIGHT)

DEVICES = (
    Device("Меркурий 201.8", ONE_RATE, 6, "1", 16),
    Device("Энергомера CE101 R5", ONE_RATE, 5, "1", 16),
    Device("Нева 103 1S0", ONE_RATE, 5, "1", 16),
    Device("СО-И446", ONE_RATE, 5, "2", 16),
    Device("Меркурий 200.02", TWO_RATES, 6, "1", 16),
    Device("Энергомера CE102 M", TWO_RATES, 6, "1", 16),
    Device("Нева МТ 114", TWO_RATES, 6, "1", 16),
    Device("Меркурий 200.02", _PEAK_NIGHT_HALF, 6, "1", 16),
    Device("Энергомера CE102 M", _PEAK_HALF_NIGHT, 6, "1", 16),
)
_SMART_DEVICES = ("Меркурий 204 ARTM", "Милур 107S", "РиМ 189")


@dataclass(frozen=True)
class Installed:
    """A meter with its registers."""

    meter: Meter
    registers: list[Register]


def meters_of(
    house: Household, account_id: UUID, first_period: date, today: date
) -> list[Installed]:
    """The meters of a household: one, or an old one and its replacement."""
    rng, keys = seeded_random("meters", house.n), Keys("meters", house.n)
    replaced_on = _replacement(house, first_period, today, rng)
    device = _device(house, rng)
    verified_on = _old_verification(house, device, first_period, today, rng)
    old = _meter(device, verified_on, rng, house)
    old.id, old.account_id, old.removed_on = keys.new(verified_on), account_id, replaced_on
    meters = [Installed(old, _registers(device, old, keys))]
    if replaced_on:
        device = _device(house, rng)
        new = _meter(device, replaced_on - timedelta(days=rng.randint(40, 200)), rng, house)
        new.id, new.account_id = keys.new(replaced_on), account_id
        new.installed_on = new.sealed_on = replaced_on
        meters.append(Installed(new, _registers(device, new, keys)))
    return meters


def _replacement(house: Household, first: date, today: date, rng: Random) -> date | None:
    earliest, latest = shift(first, 4), shift(today.replace(day=1), -2)
    day = some_day(earliest, latest, rng).replace(day=rng.randint(3, 12))
    return day if rng.random() < 0.07 and not house.featured and earliest < latest else None


def _device(house: Household, rng: Random) -> Device:
    fitting = [device for device in DEVICES if set(device.zones) == set(house.zones)]
    return rng.choice(fitting)


def _old_verification(
    house: Household, device: Device, first: date, today: date, rng: Random
) -> date:
    """A day before the history; one in ten verifications expires soon or has expired."""
    chance = rng.random()
    days_valid = rng.randint(61, device.interval_years * 365 - (today - first).days - 200)
    if house.featured:
        days_valid = rng.randint(3, 60) if house.featured.is_verification_due else days_valid
    elif chance < 0.06:
        days_valid = rng.randint(3, 60)
    elif chance < 0.1:
        days_valid = -rng.randint(5, 100)
    return _years_later(today + timedelta(days=days_valid), -device.interval_years)


def _meter(device: Device, verified_on: date, rng: Random, house: Household) -> Meter:
    is_smart = house.reader is MeterReader.SMART
    installed_on = verified_on + timedelta(days=rng.randint(20, 180))
    return Meter.construct(
        serial=f"{rng.randrange(10**7, 10**8)}",
        model=rng.choice(_SMART_DEVICES) if is_smart else device.model,
        accuracy_class=device.accuracy_class,
        ratio=Decimal(1),
        installed_on=installed_on,
        verified_on=verified_on,
        verification_interval_years=device.interval_years,
        next_verification_on=_years_later(verified_on, device.interval_years),
        seal_number=f"{rng.randrange(10**6, 10**7)}",
        sealed_on=installed_on,
        reports_itself=is_smart,
    )


def _registers(device: Device, meter: Meter, keys: Keys) -> list[Register]:
    return [
        Register.construct(
            id=keys.new(meter.installed_on),
            meter_id=meter.id,
            position=position,
            zone=zone,
            label=f"T{position}",
            digits=device.digits,
            fraction_digits=0,
        )
        for position, zone in enumerate(device.zones, start=1)
    ]


def _years_later(day: date, years: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    day = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return day.replace(year=day.year + years)


@dataclass
class RegisterState:
    """`displayed` is the current value, `read` the last reading, `billed` the last billed reading.

    Without readings, bills use estimates; their sum is `estimated`. `norm_kwh` is the register's
    part of the household's norm.
    """

    register: Register
    billed: Reading
    displayed: Decimal
    read: Decimal
    norm_kwh: Decimal
    estimated: Decimal = Decimal()
    estimate_count: int = 0
    history: list[Decimal] = field(default_factory=list[Decimal])

    @property
    def scale(self) -> Scale:
        return Scale(self.register.digits, self.register.fraction_digits)

    def run(self, kwh: Decimal) -> None:
        self.displayed = (self.displayed + kwh) % self.scale.turn

    def take(self, period: date) -> Decimal:
        """Read the register, and return the kWh to bill, negative if estimates were too high."""
        months = self.estimate_count + 1
        limit = physical_limit(31 * months, power_kw=rules.anomaly_rule(period).allowed_kw)
        consumption = consumed(Span(self.read, self.displayed, self.scale), plausible_kwh=limit).kwh
        volume = consumption - self.estimated
        self.history += [consumption / months] * months
        self.read, self.estimated, self.estimate_count = self.displayed, Decimal(), 0
        return volume

    def estimate(self, period: date) -> tuple[Decimal, Decimal]:
        """Estimate the register, and return the kWh to bill and the estimated reading."""
        volume = estimate(
            self.history,
            estimated_before=self.estimate_count,
            norm_kwh=self.norm_kwh,
            rule=rules.estimate_terms(period),
        ).kwh
        self.estimated += volume
        self.estimate_count += 1
        return volume, (self.billed.value + volume) % self.scale.turn
