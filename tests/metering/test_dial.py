"""The way of a register between readings and estimates, in Python and in the view."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.periods import last_day, shift
from lk_graphql.metering.models import (
    Meter,
    MonthlyConsumption,
    Reading,
    ReadingSource,
    ReadingState,
    Register,
    Zone,
)
from lk_graphql.metering.service.consumption import Scale, monthly_consumption
from tests.factories.accounts import given_bare_account
from tests.factories.metering import noon

START = date(2024, 1, 1)


@dataclass(frozen=True)
class Step:
    """A month's reading or estimate, and what has to be billed for it."""

    period: date
    taken_on: date
    value: Decimal
    source: ReadingSource
    units: Decimal


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    ratio = draw(st.sampled_from([1, 20, 40, Decimal("1.5")]))
    return Scale(draw(st.integers(3, 8)), draw(st.integers(0, 3)), Decimal(ratio))


@given(scales(), st.data())
def test_from_a_value_that_was_read_a_dial_only_runs_forward(scale: Scale, data: st.DataObject):
    units = st.integers(0, int(scale.turn / scale.step) - 1).map(lambda n: n * scale.step)
    earlier, used = data.draw(units), data.draw(units)
    later = (earlier + used) % scale.turn

    assert scale.passed(earlier, later) == used * scale.ratio
    assert scale.passed(later, earlier) == (scale.turn - used if used else 0) * scale.ratio


def test_more_than_half_a_turn_is_no_way_back():
    assert Scale(4).passed(Decimal(1000), Decimal(7000)) == 6000
    assert Scale(4).passed(Decimal(7000), Decimal(1000)) == 4000


def test_an_estimate_may_lie_below_the_last_reading():
    assert Scale(5).estimated(Decimal(2816), [Decimal(2812)]) == -4
    assert Scale(5).estimated(Decimal(3), [Decimal(99_998)]) == -5
    assert Scale(5).estimated(Decimal(2816), []) == 0


@given(scales(), st.data())
def test_estimates_and_the_next_reading_add_up_to_the_consumption(
    scale: Scale, data: st.DataObject
):
    """The first estimate may lie below the value that was read; each adds less than half a turn."""
    units, half = int(scale.turn / scale.step), int(scale.turn / scale.step / 2)
    read, used = (data.draw(st.integers(0, units - 1)) * scale.step for _ in range(2))
    added = [data.draw(st.integers(1 - half, half - 1))]
    added += data.draw(st.lists(st.integers(0, half - 1), max_size=4))
    estimates = [(read + kwh * scale.step) % scale.turn for kwh in accumulate(added)]
    estimates = [value + scale.turn if value < 0 else value for value in estimates]

    estimated = scale.estimated(read, estimates)
    billed = scale.passed(read, (read + used) % scale.turn) - estimated

    assert estimated == sum(added) * scale.step * scale.ratio
    assert billed + estimated == used * scale.ratio


def life(random: Random, scale: Scale, months: int, first: date) -> Iterator[Step]:
    """Months of readings and estimates of a register, some read late, through zero as well."""
    turn, step = scale.turn, scale.step
    use = int(turn / step) // (months + 1)
    dial = read = Decimal(random.randrange(int(turn / step))) * step
    estimated, is_start, is_unknown = Decimal(0), True, False
    for n in range(months):
        period = shift(first, n)
        used = random.randint(0, use) * step
        dial = (dial + used) % turn
        if is_start or random.random() < 0.6:
            is_late = random.random() < 0.3
            taken_on = period - timedelta(3) if is_late else period + timedelta(19)
            passed = (dial - read + turn) % turn  # the sign of % is that of the dividend
            yield Step(period, taken_on, dial, ReadingSource.CUSTOMER, passed - estimated)
            is_unknown = not is_start and random.random() < 0.3
            read, estimated, is_start = dial, Decimal(0), False
        else:
            # billing may not have had the reading yet when it made the first estimate after it
            guess = random.randint(-use if is_unknown else 0, use) * step
            is_unknown = False
            estimated += guess
            value = (read + estimated + turn) % turn
            yield Step(period, last_day(period), value, ReadingSource.ESTIMATED, guess)


async def given_register(steps: list[Step], scale: Scale, meter: Meter) -> Register:
    register = await Register.create(
        meter=meter,
        position=1,
        zone=Zone.SINGLE,
        label="T",
        digits=scale.digits,
        fraction_digits=scale.fraction_digits,
    )
    await Reading.bulk_create(
        Reading(
            id=new_key(),
            register=register,
            value=step.value,
            taken_on=step.taken_on,
            received_at=noon(step.taken_on),
            period=step.period,
            source=step.source,
            state=ReadingState.ACCEPTED,
        )
        for step in steps
    )
    return register


@pytest.mark.parametrize("seed", range(12))
async def test_the_view_has_the_volumes_that_bills_count(database: str, seed: int):
    """Of a meter, and of the one that replaced it: each month, and in all what the dials passed."""
    random = Random(seed)
    account = await given_bare_account("0000000005")
    expected: defaultdict[date, Decimal] = defaultdict(Decimal)
    for number, first in enumerate((START, date(2025, 1, 1))):
        ratio = Decimal(random.choice(["1", "20", "40"]))
        scale = Scale(random.randint(3, 8), random.randint(0, 3), ratio)
        meter = await Meter.create(
            account=account, serial=str(number), model="М", ratio=ratio, installed_on=first
        )
        steps = [*life(random, scale, 13, first)]
        await given_register(steps, scale, meter)
        for step in steps[1:]:
            expected[step.period] += step.units * ratio
        read = [step for step in steps if step.source is ReadingSource.CUSTOMER]
        history = monthly_consumption([(step.period, step.value) for step in read], scale)
        last = steps.index(read[-1])
        assert round(sum(history.values()), 9) == sum(s.units for s in steps[1 : last + 1]) * ratio

    rows = await MonthlyConsumption.filter(account=account)

    assert {row.period: row.kwh for row in rows} == dict(expected)


async def test_readings_counted_in_another_order_than_measured_keep_their_months(database: str):
    """The register was read on 26 September for October, and on the 27th for September."""
    account = await given_bare_account("0000000005")
    meter = await Meter.create(
        account=account, serial="1", model="М", ratio=Decimal(1), installed_on=START
    )
    read = ReadingSource.CONTROLLER
    steps = [
        Step(date(2026, 8, 1), date(2026, 8, 20), Decimal(100), read, Decimal(0)),
        Step(date(2026, 9, 1), date(2026, 9, 27), Decimal(203), read, Decimal(103)),
        Step(date(2026, 10, 1), date(2026, 9, 26), Decimal(200), read, Decimal(-3)),
    ]
    await given_register(steps, Scale(5), meter)

    rows = await MonthlyConsumption.filter(account=account).order_by("period")

    assert [row.kwh for row in rows] == [103, -3]
