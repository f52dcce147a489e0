"""What is billed for a month without a reading (ПП 354, п. 59 и 60)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class EstimateBasis(StrEnum):
    """What an estimate rests on: the household's own past, or the norm («норматив»)."""

    AVERAGE = "AVERAGE"
    NORM = "NORM"


@dataclass(frozen=True)
class EstimateTerms:
    """The law's numbers: a dated row.

    The average is of `average_months`, or as many of them as are known, but no fewer than
    `least_months`; it serves `longest_run` periods in a row. `raising_factor` («повышающий
    коэффициент») multiplies the charge by the norm where a meter could have been installed.
    """

    average_months: int
    least_months: int
    longest_run: int
    raising_factor: Decimal


@dataclass(frozen=True)
class Estimate:
    """The volume to bill, and the factor on its price (1 when the price is not raised)."""

    kwh: Decimal
    basis: EstimateBasis
    raising_factor: Decimal = Decimal(1)


def estimate(
    history: Sequence[Decimal],
    *,
    estimated_before: int,
    norm_kwh: Decimal,
    meter_possible: bool,
    rule: EstimateTerms,
) -> Estimate:
    """Estimate one month.

    `history` is the metered consumption of earlier months, the newest last, without estimates;
    `estimated_before` counts the months in a row, just before this one, that were estimated.
    An average is rounded to whole kWh.
    """
    known = history[-rule.average_months :]
    if len(known) >= rule.least_months and estimated_before < rule.longest_run:
        average = sum(known, Decimal()) / len(known)
        return Estimate(average.quantize(Decimal(1), ROUND_HALF_UP), EstimateBasis.AVERAGE)
    factor = rule.raising_factor if meter_possible else Decimal(1)
    return Estimate(norm_kwh, EstimateBasis.NORM, factor)
