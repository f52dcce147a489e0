"""Readings that are worth a second look, with the evidence. Nothing is lost because of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from lk_graphql.kit.periods import months_between
from lk_graphql.metering.models import FindingKind
from lk_graphql.metering.service.consumption import Consumption, Scale, physical_limit
from lk_graphql.metering.service.history import Known, Month, Months, Usual, typical, usual
from lk_graphql.metering.service.mistakes import Copied, Correction, likely

ASKED_ABOUT = frozenset({FindingKind.ABOVE_USUAL, FindingKind.ABOVE_POSSIBLE})
"""What a customer has to confirm; the others are only told."""


@dataclass(frozen=True)
class AnomalyTerms:
    """A dated row: see `AnomalyRule`."""

    usual_times: Decimal
    usual_months: int
    least_months: int
    allowed_kw: Decimal


@dataclass(frozen=True)
class Finding:
    """See `ReadingFinding`."""

    kind: FindingKind
    consumed_kwh: Decimal
    usual_kwh: Decimal | None = None
    season_kwh: Decimal | None = None
    limit_kwh: Decimal | None = None
    correction: Correction | None = None
    typical: Sequence[Month] = ()


@dataclass(frozen=True)
class Expectation:
    """What is known of a register's zone before a new reading of `period`, taken on `taken_on`.

    `norm_kwh` is the household's for a month, None where no order says it.
    """

    scale: Scale
    previous: Known
    period: date
    taken_on: date
    known: Months
    norm_kwh: Decimal | None
    terms: AnomalyTerms

    @property
    def months(self) -> int:
        """How many months the new reading stands for: more after some without any."""
        return max(1, months_between(self.previous.period, self.period))

    @property
    def days(self) -> int:
        return max(1, (self.taken_on - self.previous.taken_on).days)

    @property
    def possible_kwh(self) -> Decimal:
        return physical_limit(self.days, power_kw=self.terms.allowed_kw) * self.scale.ratio

    @property
    def ordinary_kwh(self) -> Decimal:
        """Up to this much nothing is unusual, whatever the months before were like."""
        return min((self.norm_kwh or Decimal()) * self.months, self.possible_kwh)

    def is_ordinary(self, value: Decimal) -> bool:
        """Whether nothing could be told of a value: then nobody has to know `known`."""
        passed = (value - self.previous.value) * self.scale.ratio
        return 0 < passed <= self.ordinary_kwh and value < self.scale.turn

    @cached_property
    def usual(self) -> Usual:
        """For all its months; the season is that of the last one."""
        terms = self.terms
        month = usual(
            self.known,
            self.period,
            usual_months=terms.usual_months,
            least_months=terms.least_months,
        )
        return Usual(*(kwh and kwh * self.months for kwh in (month.average, month.season)))

    @property
    def typical(self) -> Sequence[Month]:
        """The months that speak for `usual`."""
        return typical(self.known, self.period, usual_months=self.terms.usual_months)

    @cached_property
    def limit_kwh(self) -> Decimal:
        """Up to this much is nothing unusual.

        Where the season is known it can raise the limit, never lower it: nobody is asked about a
        January because of a July. Too few months known: the norm takes the average's place.
        """
        norm, usual = (self.norm_kwh or Decimal()) * self.months, self.usual
        usually = norm if usual.average is None else max(usual.average, usual.season or Decimal())
        return max(norm, self.terms.usual_times * usually) or self.possible_kwh

    @property
    def most_kwh(self) -> Decimal:
        """More than this is asked about."""
        return min(self.limit_kwh, self.possible_kwh)

    def copied(self, value: Decimal) -> Copied:
        """The value as somebody may have copied it wrongly."""
        expected = self.previous.value + (self.usual.average or Decimal()) / self.scale.ratio
        return Copied(value, self.previous.value, self.scale, self.most_kwh, expected)


def correction(
    key: UUID, value: Decimal, around: Mapping[UUID, tuple[Expectation, Decimal]]
) -> Correction | None:
    """What was probably meant; `around` are all registers of the meter with their new values."""
    others = [there.copied(given) for other, (there, given) in around.items() if other != key]
    return likely(around[key][0].copied(value), others)


def findings(
    expected: Expectation, consumed: Consumption, meant: Correction | None
) -> Sequence[Finding]:
    """What is worth telling; `meant` is the correction to propose where it is too much."""
    kwh, usual, found = consumed.kwh, expected.usual, list[Finding]()
    if consumed.rolled_over:
        found.append(Finding(FindingKind.ROLLED_OVER, kwh))
    if kwh == 0 and usual.average:
        found.append(
            Finding(
                FindingKind.NOTHING_USED,
                kwh,
                usual.average,
                usual.season,
                typical=expected.typical,
            )
        )
    for kind, limit in (
        (FindingKind.ABOVE_POSSIBLE, expected.possible_kwh),
        (FindingKind.ABOVE_USUAL, expected.limit_kwh),
    ):
        if kwh > limit:
            evidence = expected.typical
            found.append(Finding(kind, kwh, usual.average, usual.season, limit, meant, evidence))
            break
    return found
