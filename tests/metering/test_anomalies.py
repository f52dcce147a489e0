"""What is worth a second look, and what was probably meant: with numbers, without a database."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lk_graphql.kit.periods import shift
from lk_graphql.metering.models import FindingKind, Mistake, ReadingSource
from lk_graphql.metering.service.checks import (
    AnomalyThresholds,
    Expectation,
    Finding,
    correction,
    findings,
)
from lk_graphql.metering.service.consumption import (
    Consumption,
    PriorReading,
    Month,
    Scale,
    UsualConsumption,
    monthly_consumption,
    typical,
    usual,
)
from lk_graphql.metering.service.typo_detection import Correction, TypedReading, detect

JANUARY = date(2026, 1, 1)
TERMS = AnomalyThresholds(Decimal(3), 12, 3, Decimal(15))
FIVE = Scale(5)
DAY, NIGHT = UUID(int=1), UUID(int=2)


def copied(
    value: str, previous: int = 12_340, most: int = 300, scale: Scale = FIVE
) -> TypedReading:
    """About 100 kWh are expected."""
    return TypedReading(
        Decimal(value), Decimal(previous), scale, Decimal(most), Decimal(previous + 100)
    )


@pytest.mark.parametrize(
    ("value", "mistake", "meant"),
    [
        ("14234", Mistake.TRANSPOSED_DIGITS, "12434"),
        ("1245", Mistake.MISSING_DIGIT, "12445"),
        ("122445", Mistake.EXTRA_DIGIT, "12445"),
        ("124456", Mistake.DECIMAL_COMMA, "12445"),
        ("12445678", Mistake.DECIMAL_COMMA, "12445"),
    ],
)
def test_one_slip_of_the_pen_is_recognised(value: str, mistake: Mistake, meant: str):
    assert detect(copied(value)) == Correction(mistake, Decimal(meant))


def test_a_comma_is_put_where_the_display_has_it():
    tenths = Scale(5, fraction_digits=1)
    assert detect(copied("124456", scale=tenths)) == Correction(
        Mistake.DECIMAL_COMMA, Decimal("12445.6")
    )


def test_the_zones_changed_places_only_if_both_fit():
    day, night = copied("5100", previous=12_340), copied("12440", previous=5_000)
    assert detect(day, [night]) == Correction(Mistake.SWAPPED_ZONES, Decimal(12_440))
    assert detect(night, [day]) == Correction(Mistake.SWAPPED_ZONES, Decimal(5_100))
    assert detect(night, [copied("4900", previous=12_340)]) is None


@pytest.mark.parametrize("value", ["0", "99999", "98765", "-5"])
def test_what_no_slip_explains_is_left_unexplained(value: str):
    assert detect(copied(value)) is None


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.integers(1, 2_000))
def test_a_proposal_would_be_taken_without_a_question(value: int, previous: int, most: int):
    one = copied(str(value), previous, most)
    found = detect(one)
    if found is not None:
        assert found.value != value
        assert 0 <= found.value - previous <= most
        assert 0 <= found.value < FIVE.turn


@given(st.integers(10_000, 99_000), st.integers(0, 3), st.integers(0, 400))
def test_two_digits_that_changed_places_come_back(previous: int, place: int, passed: int):
    """Or another reading that is as likely: nearer to what was expected."""
    meant = str(previous + passed)
    slip = meant[:place] + meant[place + 1] + meant[place] + meant[place + 2 :]
    one = copied(slip, previous, most=400)
    if one.fits(Decimal(meant)) and len(str(int(one.expected))) == 5:
        found = detect(one)
        assert found is not None
        if found.mistake is Mistake.TRANSPOSED_DIGITS:
            assert abs(found.value - one.expected) <= abs(Decimal(meant) - one.expected)


def read(value: int, month: int) -> tuple[date, Decimal]:
    """A reading, `month` months after January 2026."""
    return shift(JANUARY, month), Decimal(value)


def test_months_without_a_reading_share_what_passed():
    assert monthly_consumption([read(100, 0), read(200, 1), read(500, 4)], FIVE) == {
        shift(JANUARY, 1): 100, shift(JANUARY, 2): 100, shift(JANUARY, 3): 100,
        shift(JANUARY, 4): 100,
    }  # fmt: skip


def test_two_readings_of_a_month_belong_to_it():
    assert monthly_consumption([read(100, 0), read(130, 0), read(150, 1)], FIVE) == {
        JANUARY: 30,
        shift(JANUARY, 1): 20,
    }


def test_the_usual_is_of_the_newest_months_and_the_season_of_all_years():
    months = {shift(JANUARY, n): Decimal(n) for n in range(24)}
    found = usual(months, shift(JANUARY, 24), usual_months=12, least_months=3)
    assert found == UsualConsumption(average=Decimal("17.5"), season=Decimal(6))
    assert usual({JANUARY: Decimal(5)}, shift(JANUARY, 1), usual_months=12, least_months=3) == (
        UsualConsumption(None, None)
    )


def expected(months: dict[date, Decimal], *, norm: int | None = 100, gap: int = 1) -> Expectation:
    """Of a reading `gap` months after December 2025, where 12000 was read."""
    last = PriorReading(
        Decimal(12_000), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    period = shift(last.period, gap)
    limit = None if norm is None else Decimal(norm)
    return Expectation(FIVE, last, period, period.replace(day=20), months, limit, TERMS)


def year(kwh: int, january: int | None = None) -> dict[date, Decimal]:
    """The year 2025, a January of its own kind."""
    months = {date(2025, month, 1): Decimal(kwh) for month in range(1, 13)}
    return months if january is None else {**months, date(2025, 1, 1): Decimal(january)}


def asked(one: Expectation, kwh: int) -> FindingKind | None:
    found = findings(one, Consumption(Decimal(kwh)), None)
    return found[0].kind if found else None


def test_thrice_the_usual_is_still_taken():
    assert asked(expected(year(100)), 300) is None
    assert asked(expected(year(100)), 301) is FindingKind.ABOVE_USUAL


def test_the_norm_is_never_unusual():
    assert asked(expected(year(10)), 100) is None
    assert asked(expected(year(10)), 101) is FindingKind.ABOVE_USUAL


@given(
    st.integers(-50, 99_999),
    st.lists(st.integers(0, 900), max_size=14),
    st.none() | st.integers(0, 900),
    st.integers(0, 3),
)
@example(kwh=361, before=[], norm=361, gap=0)  # in a day, 15 kW can't use more than 360
def test_of_what_is_ordinary_nothing_could_be_told(
    kwh: int, before: list[int], norm: int | None, gap: int
):
    """Whatever the months before were like: so they needn't be known."""
    months = {shift(JANUARY, -n): Decimal(used) for n, used in enumerate(before, 1)}
    one = expected(months, norm=norm, gap=gap)
    value = one.previous.value + kwh

    if one.is_ordinary(value):
        FIVE.check(value)
        assert findings(one, Consumption(Decimal(kwh)), None) == []
    most = min((norm or 0) * max(gap, 1), one.possible_kwh)
    assert one.is_ordinary(value) is (0 < kwh <= most)


def test_the_end_of_the_dial_is_not_ordinary():
    nearly = PriorReading(
        Decimal(99_990), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    one = Expectation(FIVE, nearly, JANUARY, date(2026, 1, 20), {}, Decimal(100), TERMS)
    assert one.is_ordinary(Decimal(99_999))
    assert not one.is_ordinary(Decimal(100_000))


def test_a_cold_month_is_compared_with_the_same_month_of_earlier_years():
    """The average of the year is 175: without the season 900 would be asked about."""
    assert asked(expected(year(100, january=1000)), 900) is None
    assert asked(expected(year(100, january=10)), 270) is None, "a season never lowers the limit"


def test_more_months_may_hold_more():
    assert expected(year(100), gap=3).limit_kwh == 900
    assert asked(expected(year(100), gap=3), 900) is None


def test_without_a_history_the_norm_takes_its_place():
    assert asked(expected({}), 300) is None
    assert asked(expected({}), 301) is FindingKind.ABOVE_USUAL
    assert asked(expected({}, norm=None), 10_000) is None


def test_the_wires_carry_only_so_much():
    """31 days at 15 kW around the clock are 11160 kWh."""
    assert asked(expected(year(9_000)), 11_160) is None
    (found,) = findings(expected(year(9_000)), Consumption(Decimal(11_161)), None)
    assert found == Finding(
        FindingKind.ABOVE_POSSIBLE,
        Decimal(11_161),
        Decimal(9_000),
        Decimal(9_000),
        Decimal(11_160),
        typical=[Month(date(2025, month, 1), Decimal(9_000)) for month in range(12, 0, -1)],
    )


def test_the_season_s_months_are_told_however_long_ago():
    """Twelve months, and the Januaries before those."""
    months = {shift(JANUARY, -n): Decimal(n) for n in range(1, 31)}
    found = typical(months, JANUARY, usual_months=12)
    assert [one.period for one in found[:12]] == [shift(JANUARY, -n) for n in range(1, 13)]
    assert found[12:] == [Month(date(2024, 1, 1), Decimal(24))]


def test_the_other_zones_of_the_meter_are_looked_at():
    around = {
        DAY: (expected(year(100)), Decimal(5_000)),
    }
    assert correction(DAY, Decimal(5_000), around) is None
    low = PriorReading(
        Decimal(4_900), date(2025, 12, 20), date(2025, 12, 1), ReadingSource.CUSTOMER
    )
    night = Expectation(FIVE, low, JANUARY, date(2026, 1, 20), year(100), Decimal(100), TERMS)
    around[NIGHT] = (night, Decimal(12_100))
    assert correction(DAY, Decimal(5_000), around) == Correction(
        Mistake.SWAPPED_ZONES, Decimal(12_100)
    )
