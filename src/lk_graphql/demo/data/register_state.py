"""A register as it runs, is read, and is billed."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from lk_graphql.demo.data import metering_rules
from lk_graphql.metering.models import Reading, Register
from lk_graphql.metering.service.consumption import Scale, Span, consumed, physical_limit
from lk_graphql.metering.service.rules import estimate


@dataclass
class Dial:
    """`shows` is what stands on it; `read` what was last read; `billed` up to where bills went.

    They differ while nobody reads: then bills count estimates, and `guessed` is their sum.
    `norm_kwh` is its part of the household's norm.
    """

    register: Register
    billed: Reading
    shows: Decimal
    read: Decimal
    norm_kwh: Decimal
    guessed: Decimal = Decimal()
    guesses: int = 0
    history: list[Decimal] = field(default_factory=list[Decimal])

    @property
    def scale(self) -> Scale:
        return Scale(self.register.digits, self.register.fraction_digits)

    def run(self, kwh: Decimal) -> None:
        self.shows = (self.shows + kwh) % self.scale.turn

    def take(self, period: date) -> Decimal:
        """Read it: the kWh to bill, below zero when the estimates were too high."""
        months = self.guesses + 1
        limit = physical_limit(31 * months, power_kw=metering_rules.anomaly_rule(period).allowed_kw)
        passed = consumed(Span(self.read, self.shows, self.scale), plausible_kwh=limit).kwh
        volume = passed - self.guessed
        self.history += [passed / months] * months
        self.read, self.guessed, self.guesses = self.shows, Decimal(), 0
        return volume

    def guess(self, period: date) -> tuple[Decimal, Decimal]:
        """Nobody read it: the kWh to bill, and the reading that this makes."""
        volume = estimate(
            self.history,
            estimated_before=self.guesses,
            norm_kwh=self.norm_kwh,
            meter_possible=True,
            rule=metering_rules.estimate_terms(period),
        ).kwh
        self.guessed += volume
        self.guesses += 1
        return volume, (self.billed.value + volume) % self.scale.turn
