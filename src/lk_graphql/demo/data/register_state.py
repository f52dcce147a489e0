"""A register as it runs, is read, and is billed."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lk_graphql.demo.data import metering_rules
from lk_graphql.metering.models import Reading, Register
from lk_graphql.metering.service.consumption import Scale, Span, consumed, physical_limit
from lk_graphql.metering.service.rules import estimate


@dataclass
class RegisterState:
    """`shows` is what stands on it; `read` what was last read; `billed` up to where bills went.

    They differ while nobody reads: then bills count estimates, and `guessed` is their sum.
    `norm_kwh` is its part of the household's norm.
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
        """Read it: the kWh to bill, below zero when the estimates were too high."""
        months = self.estimate_count + 1
        limit = physical_limit(31 * months, power_kw=metering_rules.anomaly_rule(period).allowed_kw)
        passed = consumed(Span(self.read, self.displayed, self.scale), plausible_kwh=limit).kwh
        volume = passed - self.estimated
        self.history += [passed / months] * months
        self.read, self.estimated, self.estimate_count = self.displayed, Decimal(), 0
        return volume

    def estimate(self, period: date) -> tuple[Decimal, Decimal]:
        """Nobody read it: the kWh to bill, and the reading that this makes."""
        volume = estimate(
            self.history,
            estimated_before=self.estimate_count,
            norm_kwh=self.norm_kwh,
            meter_possible=True,
            rule=metering_rules.estimate_terms(period),
        ).kwh
        self.estimated += volume
        self.estimate_count += 1
        return volume, (self.billed.value + volume) % self.scale.turn
