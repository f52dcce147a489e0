"""Anomalies and proposed corrections, without a database."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lk_graphql.kit.periods import shift
from lk_graphql.metering.models import FindingKind, Mistake, ReadingSource
from lk_graphql.metering.service.checks import Finding, findings
from lk_graphql.metering.service.consumption import (
    Consumption,
    Expectation,
    Month,
    PriorReading,
    Scale,
    UsualConsumption,
    monthly_consumption,
    typical,
    usual,
)
from lk_graphql.metering.service.rules import AnomalyThresholds
from lk_graphql.metering.service.typo_detection import (
    Correction,
    TypedReading,
    correction,
    detect,
)

JANUARY = date(2026, 1, 1)
TERMS = AnomalyThresholds(JANUARY, Decimal(3), 12, 3, Decimal(15))
FIVE = Scale(5)
DAY, NIGHT = UUID(int=1), UUID(int=2)


def typed(value: str, previous: int = 12_340, most: int = 300, scale: Scale = FIVE) -> TypedReading:
    """A typed value where 100 kWh are expected."""
    return TypedReading(
        Decimal(value), Decimal(previous), scale, Decimal(most), Decimal(previous + 100)
    )


@pytest.mark.parametrize(
    ("value", "mistake", "correct"),
    [
        ("14234", Mistake.TRANSPOSED_DIGITS, "12434"),
        ("1245", Mistake.MISSING_DIGIT, "12445"),
        ("122445", Mistake.EXTRA_DIGIT, "12445"),
        ("124456", Mistake.DECIMAL_COMMA, "12445"),
        ("12445678", Mistake.DECIMAL_COMMA, "12445"),
    ],
)
def test_one_slip_of_the_pen_is_recognised(value: str, mistake: Mistake, correct: str):
    assert detect(typed(value)) == Correction(mistake, Decimal(correct))


def test_a_missing_decimal_comma_is_corrected():
    tenths = Scale(5, fraction_digits=1)
    assert detect(typed("124456", scale=tenths)) == Correction(
        Mistake.DECIMAL_COMMA, Decimal("12445.6")
    )


def test_the_zones_changed_places_only_if_both_fit():
    day, night = typed("5100", previous=12_340), typed("12440", previous=5_000)
    assert detect(day, [night]) == Correction(Mistake.SWAPPED_ZONES, Decimal(12_440))
    assert detect(night, [day]) == Correction(Mistake.SWAPPED_ZONES, Decimal(5_100))
    assert detect(night, [typed("4900", previous=12_340)]) is None


@pytest.mark.parametrize("value", ["0", "99999", "98765", "-5"])
def test_a_value_without_an_explanation_gets_no_correction(value: str):
    assert detect(typed(value)) is None


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(1, 2_000))
def test_a_proposed_correction_is_plausible(value: int, previous: int, most: int):
    proposal = detect(typed(str(value), previous, most))
    if proposal is not None:
        assert proposal.value != value
        assert 0 <= proposal.value - previous <= most
        assert 0 <= proposal.value < FIVE.turn


@given(st.integers(10_000, 99_000), st.integers(0, 3), st.integers(0, 400))
def test_two_digits_that_changed_places_come_back(previous: int, place: int, kwh: int):
    """The original value, or another one nearer to the expected."""
    value = str(previous + kwh)
    slip = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    reading = typed(slip, previous, most=400)
    if reading.fits(Decimal(value)) and len(str(int(reading.expected))) == 5:
        proposal = detect(reading)
        assert proposal is not None
        if proposal.mistake is Mistake.TRANSPOSED_DIGITS:
            distance = abs(proposal.value - reading.expected)
            assert distance <= abs(Decimal(value) - reading.expected)


def read(value: int, month: int) -> tuple[date, Decimal]:
    """A reading, `month` months after January 2026."""
    return shift(JANUARY, month), Decimal(value)


def test_months_without_a_reading_share_the_consumption():
    assert monthly_consumption([read(100, 0), read(200, 1), read(500, 4)], FIVE) == {
        shift(JANUARY, 1): 100, shift(JANUARY, 2): 100, shift(JANUARY, 3): 100,
        shift(JANUARY, 4): 100,
    }  # fmt: skip


def test_two_readings_of_a_month_count_for_that_month():
    assert monthly_consumption([read(100, 0), read(130, 0), read(150, 1)], FIVE) == {
        JANUARY: 30,
        shift(JANUARY, 1): 20,
    }


def test_the_usual_is_of_the_newest_months_and_the_season_of_all_years():
    months = {shift(JANUARY, n): Decimal(n) for n in range(24)}
    month = usual(months, shift(JANUARY, 24), usual_months=12, least_months=3)
    assert month == UsualConsumption(average=Decimal("17.5"), season=Decimal(6))
    assert usual({JANUARY: Decimal(5)}, shift(JANUARY, 1), usual_months=12, least_months=3) == (
        UsualConsumption(None, None)
    )


def expected(months: dict[date, Decimal], *, norm: int | None = 100, gap: int = 1) -> Expectation:
    """The expectation of a reading `gap` months after one of 12000 in December 2025."""
    last = PriorReading(
        Decimal(12_000), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    period = shift(last.period, gap)
    limit = None if norm is None else Decimal(norm)
    return Expectation(FIVE, last, period, period.replace(day=20), months, limit, TERMS)


def year(kwh: int, january: int | None = None) -> dict[date, Decimal]:
    """The months of 2025, with another value in January if given."""
    months = {date(2025, month, 1): Decimal(kwh) for month in range(1, 13)}
    return months if january is None else {**months, date(2025, 1, 1): Decimal(january)}


def finding_of(expectation: Expectation, kwh: int) -> FindingKind | None:
    anomalies = findings(expectation, Consumption(Decimal(kwh)), None)
    return anomalies[0].kind if anomalies else None


def test_three_times_the_usual_consumption_is_accepted():
    assert finding_of(expected(year(100)), 300) is None
    assert finding_of(expected(year(100)), 301) is FindingKind.ABOVE_USUAL


def test_the_norm_is_never_unusual():
    assert finding_of(expected(year(10)), 100) is None
    assert finding_of(expected(year(10)), 101) is FindingKind.ABOVE_USUAL


@given(
    st.integers(-50, 99_999),
    st.lists(st.integers(0, 900), max_size=14),
    st.none() | st.integers(0, 900),
    st.integers(0, 3),
)
@example(kwh=361, before=[], norm=361, gap=0)  # 15 kW are at most 360 kWh a day
def test_an_ordinary_reading_has_no_finding_with_any_history(
    kwh: int, before: list[int], norm: int | None, gap: int
):
    """Independent of the history, which need not be loaded."""
    months = {shift(JANUARY, -n): Decimal(volume) for n, volume in enumerate(before, 1)}
    expectation = expected(months, norm=norm, gap=gap)
    value = expectation.previous.value + kwh

    if expectation.is_ordinary(value):
        FIVE.check(value)
        assert findings(expectation, Consumption(Decimal(kwh)), None) == []
    most = min((norm or 0) * max(gap, 1), expectation.possible_kwh)
    assert expectation.is_ordinary(value) is (0 < kwh <= most)


def test_the_end_of_the_dial_is_not_ordinary():
    nearly_full = PriorReading(
        Decimal(99_990), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    expectation = Expectation(
        FIVE, nearly_full, JANUARY, date(2026, 1, 20), {}, Decimal(100), TERMS
    )
    assert expectation.is_ordinary(Decimal(99_999))
    assert not expectation.is_ordinary(Decimal(100_000))


def test_a_cold_month_is_compared_with_the_same_month_of_earlier_years():
    """The average of the year is 175: without the season 900 would need a confirmation."""
    assert finding_of(expected(year(100, january=1000)), 900) is None
    assert finding_of(expected(year(100, january=10)), 270) is None, (
        "a season never lowers the limit"
    )


def test_more_months_may_hold_more():
    assert expected(year(100), gap=3).limit_kwh == 900
    assert finding_of(expected(year(100), gap=3), 900) is None


def test_without_a_history_the_norm_is_the_limit():
    assert finding_of(expected({}), 300) is None
    assert finding_of(expected({}), 301) is FindingKind.ABOVE_USUAL
    assert finding_of(expected({}, norm=None), 10_000) is None


def test_consumption_above_the_physical_limit_is_a_finding():
    """31 days at 15 kW meter the clock are 11160 kWh."""
    assert finding_of(expected(year(9_000)), 11_160) is None
    (finding,) = findings(expected(year(9_000)), Consumption(Decimal(11_161)), None)
    assert finding == Finding(
        FindingKind.ABOVE_POSSIBLE,
        Decimal(11_161),
        Decimal(9_000),
        Decimal(9_000),
        Decimal(11_160),
        typical=[Month(date(2025, month, 1), Decimal(9_000)) for month in range(12, 0, -1)],
    )


def test_the_season_s_months_are_evidence_regardless_of_age():
    """Twelve months, and the Januaries before them."""
    months = {shift(JANUARY, -n): Decimal(n) for n in range(1, 31)}
    evidence = typical(months, JANUARY, usual_months=12)
    assert [month.period for month in evidence[:12]] == [shift(JANUARY, -n) for n in range(1, 13)]
    assert evidence[12:] == [Month(date(2024, 1, 1), Decimal(24))]


def test_the_other_zones_of_the_meter_are_checked():
    meter = {
        DAY: (expected(year(100)), Decimal(5_000)),
    }
    assert correction(DAY, Decimal(5_000), meter) is None
    low = PriorReading(
        Decimal(4_900), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    night = Expectation(FIVE, low, JANUARY, date(2026, 1, 20), year(100), Decimal(100), TERMS)
    meter[NIGHT] = (night, Decimal(12_100))
    assert correction(DAY, Decimal(5_000), meter) == Correction(
        Mistake.SWAPPED_ZONES, Decimal(12_100)
    )
