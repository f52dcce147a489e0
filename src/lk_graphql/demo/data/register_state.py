"""The state of a register: displayed, read and billed values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lk_graphql.demo.data import metering_rules
from lk_graphql.metering.models import Reading, Register
from lk_graphql.metering.service.consumption import Scale, Span, consumed, physical_limit
from lk_graphql.metering.service.rules import estimate


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
        limit = physical_limit(31 * months, power_kw=metering_rules.anomaly_rule(period).allowed_kw)
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
            rule=metering_rules.estimate_terms(period),
        ).kwh
        self.estimated += volume
        self.estimate_count += 1
        return volume, (self.billed.value + volume) % self.scale.turn
