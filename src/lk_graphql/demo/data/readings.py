"""Readings by month, and the volumes to bill."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.demo.data import rules
from lk_graphql.demo.data.anomalies import findings, typed_twice
from lk_graphql.demo.data.household import Household, MeterReader
from lk_graphql.demo.data.meters import Installed, RegisterState
from lk_graphql.demo.data.rng import Keys, moment, seeded_random, some_day
from lk_graphql.kit.periods import last_day, month_of, shift
from lk_graphql.metering.models import (
    Reading,
    ReadingFinding,
    ReadingSource,
    ReadingState,
    Register,
    Zone,
)

# January to December: dark evenings in the city; heating where electricity heats
_LIGHT = (1.18, 1.1, 1.05, 0.98, 0.92, 0.86, 0.82, 0.86, 0.94, 1.03, 1.1, 1.16)
_HEATING = (1.75, 1.6, 1.3, 0.95, 0.7, 0.55, 0.5, 0.55, 0.75, 1.05, 1.4, 1.65)
_SEASONS = {
    TariffCategory.URBAN_GAS: _LIGHT,
    TariffCategory.URBAN_ELECTRIC: tuple(
        (a + b) / 2 for a, b in zip(_LIGHT, _HEATING, strict=True)
    ),
    TariffCategory.RURAL: _HEATING,
}


def monthly_kwh(house: Household, period: date) -> dict[Zone, Decimal]:
    """Whole kWh in a month, by zone: seasonal, with random variation."""
    rng = seeded_random("usage", house.n, period)
    month = house.monthly_kwh * _SEASONS[house.category][period.month - 1]
    if rng.random() < 0.04:  # the household was absent for weeks
        month *= 0.3
    return {
        zone: Decimal(round(month * share * rng.uniform(0.88, 1.12)))
        for zone, share in house.shares.items()
    }


_SOURCES = {
    MeterReader.REGULAR: ReadingSource.CUSTOMER,
    MeterReader.FORGETFUL: ReadingSource.CUSTOMER,
    MeterReader.CONTROLLER: ReadingSource.CONTROLLER,
    MeterReader.SMART: ReadingSource.SMART,
}
_MAX_ESTIMATES = 2  # consecutive months before the supplier reads the meter


@dataclass(frozen=True)
class Billed:
    """The billed volume of one register, between two readings."""

    register: Register
    previous: Reading
    current: Reading
    kwh: Decimal


@dataclass(frozen=True)
class MonthRead:
    """The volumes of a month's bill."""

    period: date
    billed: list[Billed]

    @property
    def by_zone(self) -> dict[Zone, Decimal]:
        """The kWh to bill; negative if earlier estimates were too high."""
        volumes: dict[Zone, Decimal] = {}
        for part in self.billed:
            zone = part.register.zone
            volumes[zone] = volumes.get(zone, Decimal()) + part.kwh
        return volumes

    @property
    def is_estimated(self) -> bool:
        return all(part.current.source is ReadingSource.ESTIMATED for part in self.billed)


@dataclass
class ReadingHistory:
    """The readings of a household's meters; `month` adds a month."""

    house: Household
    meters: list[Installed]
    keys: Keys
    readings: list[Reading] = field(default_factory=list[Reading])
    states: list[RegisterState] = field(default_factory=list[RegisterState])
    findings: list[ReadingFinding] = field(default_factory=list[ReadingFinding])

    def open(self, day: date) -> None:
        """Add the initial readings."""
        rng = seeded_random("first readings", self.house.n)
        self.states = self._start(self.meters[0], day, rng)

    def month(self, period: date) -> MonthRead:
        """Add a month's consumption, and read the registers or estimate them."""
        rng, usage = (
            seeded_random("readings", self.house.n, period),
            monthly_kwh(self.house, period),
        )
        replaced = self._replace(period, usage, rng)
        self._run({zone: kwh - kwh // 3 for zone, kwh in usage.items()} if replaced else usage)
        if not replaced and not self._is_read(period, rng):
            return MonthRead(period, [self._estimate(state, period, rng) for state in self.states])
        day, source = self._reading_day(period, rng), self._source
        volumes = [self._take(state, period, day, source, rng) for state in self.states]
        return MonthRead(period, [*replaced, *volumes])

    def _replace(self, period: date, usage: dict[Zone, Decimal], rng: Random) -> list[Billed]:
        """Replace the meter in its month; a third of the consumption is the old meter's."""
        day = self.meters[0].meter.removed_on
        if day is None or month_of(day) != period:
            return []
        self._run({zone: kwh // 3 for zone, kwh in usage.items()})
        source = ReadingSource.NETWORK_COMPANY
        closed = [self._take(state, period, day, source, rng) for state in self.states]
        self.states = self._start(self.meters[1], day, rng)
        return closed

    def running_month(self, today: date) -> None:
        """Add readings of the current month before `today`, for half of the customers.

        Of the featured households, only one has sent readings, with a mistake.
        """
        rng, period = seeded_random("today", self.house.n, today), month_of(today)
        newest = min(today - timedelta(days=1), period.replace(day=25))
        featured = self.house.featured
        if featured:
            if featured.has_typed_wrongly and newest >= period:
                self._send(today, newest, rng)
                self._mistype(self.readings[-len(self.states) :])
            return
        is_customer = _SOURCES[self.house.reader] is ReadingSource.CUSTOMER
        if is_customer and today.day > 15 and rng.random() >= 0.5:
            self._send(today, some_day(period.replace(day=15), newest, rng), rng)

    def _send(self, today: date, day: date, rng: Random) -> None:
        period = month_of(today)
        self._run(
            {zone: kwh * today.day // 31 for zone, kwh in monthly_kwh(self.house, period).items()}
        )
        for state in self.states:
            self._write(state.register, state.displayed, period, day, ReadingSource.CUSTOMER, rng)

    def _mistype(self, sent: list[Reading]) -> None:
        """Add a digit to the first of the sent readings, and put it on review."""
        sent[0].value = typed_twice(sent[0].value)
        sent[0].state = ReadingState.ON_REVIEW
        self.findings = findings(self.house, self.states, self.readings[: -len(sent)], sent)

    def _run(self, usage: dict[Zone, Decimal]) -> None:
        for state in self.states:
            state.run(usage[state.register.zone])

    def _start(self, installed: Installed, day: date, rng: Random) -> list[RegisterState]:
        """The registers on a day, with approximately the consumption since installation."""
        states, age = list[RegisterState](), (day - installed.meter.installed_on).days
        norm = rules.norm(self.house.category, self.house.residents, month_of(day))
        for register in installed.registers:
            monthly = self.house.monthly_kwh * self.house.shares[register.zone]
            value = Decimal(round(monthly * age / 30 * rng.uniform(0.8, 1.2)) + rng.randint(0, 9))
            if age and register.digits == 5 and rng.random() < 0.08:  # close to the rollover
                value = Decimal(10**5 - rng.randint(300, 900))
            value %= 10**register.digits
            row = self._write(register, value, month_of(day), day, ReadingSource.CONTROLLER, rng)
            states.append(
                RegisterState(register, row, value, value, norm / len(installed.registers))
            )
        return states

    def _is_read(self, period: date, rng: Random) -> bool:
        if any(
            len(state.history) < 3 or state.estimate_count >= _MAX_ESTIMATES
            for state in self.states
        ):
            return True
        match self.house.reader:
            case MeterReader.SMART:
                return True
            case MeterReader.CONTROLLER:
                return (period.month + self.house.n) % 3 == 0
            case MeterReader.FORGETFUL:
                return rng.random() > 0.3
            case MeterReader.REGULAR:
                return rng.random() > 0.015

    @property
    def _source(self) -> ReadingSource:
        """The source: the supplier's inspector after two estimated months («контрольный съём»)."""
        if any(state.estimate_count >= _MAX_ESTIMATES for state in self.states):
            return ReadingSource.CONTROLLER
        return _SOURCES[self.house.reader]

    def _reading_day(self, period: date, rng: Random) -> date:
        if self.house.reader is MeterReader.SMART:
            return last_day(period)
        return some_day(period.replace(day=15), period.replace(day=25), rng)

    def _take(
        self, state: RegisterState, period: date, day: date, source: ReadingSource, rng: Random
    ) -> Billed:
        previous = state.billed
        if source is ReadingSource.CUSTOMER and rng.random() < 0.03:
            self._supersede(state, period, day, rng)
        state.billed = self._write(state.register, state.displayed, period, day, source, rng)
        return Billed(state.register, previous, state.billed, state.take(period))

    def _estimate(self, state: RegisterState, period: date, rng: Random) -> Billed:
        previous, (volume, value) = state.billed, state.estimate(period)
        day = period.replace(day=25)
        state.billed = self._write(state.register, value, period, day, ReadingSource.ESTIMATED, rng)
        return Billed(state.register, previous, state.billed, volume)

    def _supersede(self, state: RegisterState, period: date, day: date, rng: Random) -> None:
        """Add an earlier reading of the same window, superseded by the next one."""
        if day.day > 15:
            value = max(state.displayed - rng.randint(1, 9), Decimal())
            earlier = day - timedelta(days=1)
            row = self._write(state.register, value, period, earlier, ReadingSource.CUSTOMER, rng)
            row.state = ReadingState.SUPERSEDED

    def _write(
        self,
        register: Register,
        value: Decimal,
        period: date,
        day: date,
        source: ReadingSource,
        rng: Random,
    ) -> Reading:
        row = Reading.construct(
            id=self.keys.new(day),
            register_id=register.id,
            value=value,
            taken_on=day,
            received_at=moment(day, rng),
            period=period,
            source=source,
            state=ReadingState.ACCEPTED,
        )
        self.readings.append(row)
        return row


def read_months(history: ReadingHistory, periods: list[date], today: date) -> list[MonthRead]:
    """Add all billed months and the current one, and return the billed months."""
    history.open(shift(periods[0], -1).replace(day=25))
    months = [history.month(period) for period in periods]
    history.running_month(today)
    return months
