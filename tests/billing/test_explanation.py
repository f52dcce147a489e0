"""Explanation of a bill: effects to the kopeck, and sentences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import amount_of
from lk_graphql.billing.service.explanation import (
    BillFacts,
    BillLine,
    Cause,
    ReadingFact,
    effects,
    headline,
    sentence,
    summary,
)
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import ReadingSource, Zone

SERVICE = "Электроснабжение"
KEY = UUID(int=7)


def energy(
    kwh: str,
    price: str,
    *,
    zone: Zone = Zone.SINGLE,
    number: int = 1,
    earlier: str | None = None,
    basis: VolumeBasis | None = None,
) -> BillLine:
    amount = amount_of(Decimal(kwh), Decimal(price))
    return BillLine(
        LineKind.ENERGY,
        SERVICE,
        amount,
        zone,
        number,
        Decimal(kwh),
        Decimal(price),
        None if earlier is None else Decimal(earlier),
        f"приказ о {price}",
        basis,
    )


def bill(month: int, *lines: BillLine, penalty: int = 0, charged: int | None = None) -> BillFacts:
    recalculated = sum(line.amount for line in lines if line.kind is LineKind.RECALCULATION)
    charged_sum = sum(line.amount for line in lines) - recalculated if charged is None else charged
    return BillFacts(KEY, date(2026, month, 1), charged_sum, recalculated, penalty, lines)


def amounts_by_cause(before: BillFacts, now: BillFacts) -> dict[Cause, int]:
    return {effect.cause: effect.amount for effect in effects(before, now)}


def test_the_same_bill_needs_no_explanation():
    assert effects(bill(7, energy("100", "4.44")), bill(8, energy("100", "4.44"))) == []


def test_more_of_it_costs_more():
    amounts = amounts_by_cause(bill(7, energy("100", "4.44")), bill(8, energy("150", "4.44")))
    assert amounts == {Cause.VOLUME: 22_200}


def test_a_shorter_month_at_the_same_daily_use():
    """April has 30 days instead of 31: a thirty-first of the use less."""
    amounts = amounts_by_cause(bill(3, energy("310", "4.00")), bill(4, energy("300", "4.00")))
    assert amounts == {Cause.DAYS: -4_000}


def test_a_new_price_of_the_same_volume():
    before, now = bill(7, energy("100", "4.44")), bill(8, energy("100", "4.93"))
    (effect,) = effects(before, now)
    assert (effect.cause, effect.amount) == (Cause.TARIFF, 4_900)
    assert effect.tariff_orders == ("приказ о 4.93",)
    assert sentence(effect, Language.RU) == "Изменился тариф: 4,93 ₽ за кВт·ч вместо 4,44 ₽."


def test_what_reaches_the_second_range_is_told_apart():
    """200 kWh more at the first range's price; 100 of them cost the second range's difference."""
    before = bill(7, energy("300", "4.00"))
    now = bill(8, energy("400", "4.00"), energy("100", "6.00", number=2, earlier="6.00"))
    assert amounts_by_cause(before, now) == {Cause.VOLUME: 80_000, Cause.RANGE: 20_000}


def test_the_earlier_price_of_a_range_that_was_not_reached_is_the_tariff_s():
    """Range II went from 5 to 6 rubles: for its 100 kWh, 1 ruble each is the tariff's effect."""
    before = bill(7, energy("300", "4.00"))
    now = bill(8, energy("400", "4.00"), energy("100", "6.00", number=2, earlier="5.00"))
    assert amounts_by_cause(before, now) == {
        Cause.VOLUME: 80_000,
        Cause.RANGE: 10_000,
        Cause.TARIFF: 10_000,
    }


def test_more_by_night_is_cheaper():
    before = bill(7, energy("100", "5.00", zone=Zone.DAY), energy("100", "3.00", zone=Zone.NIGHT))
    now = bill(8, energy("50", "5.00", zone=Zone.DAY), energy("150", "3.00", zone=Zone.NIGHT))
    (effect,) = effects(before, now)
    assert (effect.cause, effect.amount) == (Cause.ZONE_MIX, -10_000)
    assert sentence(effect, Language.RU) == "Изменились доли зон суток: день — 25 % вместо 50 %."


def test_shares_that_hardly_changed_are_told_apart():
    """Rounded to tenths of a percent, both are 68.2."""
    before = bill(3, *day_and_night("144", "67"))
    now = bill(4, *day_and_night("131", "61"))
    (mix,) = [effect for effect in effects(before, now) if effect.cause is Cause.ZONE_MIX]
    assert (mix.before, mix.now) == (Decimal("68.25"), Decimal("68.23"))
    assert sentence(mix, Language.RU) == "Изменились доли зон суток: день — 68,23 % вместо 68,25 %."
    assert (
        sentence(mix, Language.EN)
        == "The zones' shares have changed: day 68.23% instead of 68.25%."
    )


def day_and_night(day: str, night: str) -> tuple[BillLine, BillLine]:
    return energy(day, "5.11", zone=Zone.DAY), energy(night, "3.11", zone=Zone.NIGHT)


def test_the_first_use_of_a_zone():
    before = bill(7, energy("100", "5.00", zone=Zone.DAY))
    now = bill(
        8, energy("50", "5.00", zone=Zone.DAY), energy("50", "3.00", zone=Zone.NIGHT, earlier="2.9")
    )
    assert amounts_by_cause(before, now) == {Cause.ZONE_MIX: -10_500, Cause.TARIFF: 500}


def test_an_estimate_and_its_correction_have_names():
    metered = bill(6, energy("200", "4.00", basis=VolumeBasis.METER))
    average = bill(7, energy("220", "4.00", basis=VolumeBasis.AVERAGE))
    corrected = bill(8, energy("150", "4.00", basis=VolumeBasis.METER))
    assert Cause.ESTIMATE in amounts_by_cause(metered, average)
    by_cause = {effect.cause: effect for effect in effects(average, corrected)}
    assert by_cause[Cause.ESTIMATE_CORRECTED].amount == -28_000


def test_readings_tell_an_estimate_where_lines_don_t():
    estimated = ReadingFact(KEY, ReadingSource.ESTIMATED)
    now = replace(bill(8, energy("150", "4.00")), readings=(estimated,))
    (effect,) = effects(bill(7, energy("100", "4.00")), now)
    assert (effect.cause, effect.readings) == (Cause.ESTIMATE, (KEY,))


def test_nothing_used_before_or_now_is_all_volume():
    empty, full = energy("0", "4.44"), energy("100", "4.44")
    assert amounts_by_cause(bill(3, empty), bill(4, full)) == {Cause.VOLUME: 44_400}
    assert amounts_by_cause(bill(3, full), bill(4, empty)) == {Cause.VOLUME: -44_400}


def test_recalculations_come_and_go_one_by_one():
    recalculation = BillLine(LineKind.RECALCULATION, SERVICE, -5_000, reason="Ошибочное показание")
    line = energy("100", "4.00")
    before, now, after = bill(7, line), bill(8, line, recalculation), bill(8, line)
    assert amounts_by_cause(before, now) == {Cause.RECALCULATION: -5_000}
    (effect,) = effects(now, after)
    assert (effect.cause, effect.amount) == (Cause.EARLIER_RECALCULATION, 5_000)
    assert sentence(effect, Language.EN) == (
        "The bill before had a recalculation of earlier months, this one doesn't."
        " Ошибочное показание."
    )


def test_a_recalculation_says_of_which_months_it_is_and_why_and_by_what_document():
    checked = BillLine(
        LineKind.RECALCULATION,
        SERVICE,
        -5_000,
        reason_code=RecalculationReason.METER_CHECKED,
        corrects_from=date(2026, 4, 1),
        corrects_to=date(2026, 6, 1),
        document="Акт № 15 от 03.07.2026",
    )
    with_reason = replace(
        checked, reason="Счётчик спешил.", corrects_from=date(2026, 6, 1), document=None
    )
    line = energy("100", "4.00")
    first, second = effects(bill(7, line), bill(8, line, checked, with_reason))
    texts = {
        language: [
            sentence(effect, language).replace("\N{NO-BREAK SPACE}", " ")
            for effect in (first, second)
        ]
        for language in Language
    }
    act = "Акт № 15 от 03.07.2026."
    assert texts == {
        Language.RU: [
            f"Перерасчёт за апрель 2026 – июнь 2026. Проверка прибора учёта. Основание: {act}",
            "Перерасчёт за июнь 2026. Счётчик спешил.",
        ],
        Language.EN: [
            f"A recalculation of April 2026 – June 2026. The meter was checked. Document: {act}",
            "A recalculation of June 2026. The meter was checked.",
        ],
    }
    assert headline(second, Language.RU) == "Перерасчёт за июнь\N{NO-BREAK SPACE}2026."
    assert headline(replace(second, cause=Cause.EARLIER_RECALCULATION), Language.RU).endswith(
        "в этом его нет. Счётчик спешил."
    )


def test_a_recalculation_of_which_nothing_is_known_is_one_all_the_same():
    other = BillLine(LineKind.RECALCULATION, SERVICE, 700, reason_code=RecalculationReason.OTHER)
    line = energy("100", "4.00")
    (effect,) = effects(bill(7, line), bill(8, line, other))
    assert sentence(effect, Language.RU) == "Перерасчёт за прошлые месяцы."
    assert sentence(effect, Language.EN) == "A recalculation of earlier months."


def test_penalty_and_raising_factor():
    raised = BillLine(LineKind.RAISING_FACTOR, SERVICE, 20_000, factor=Decimal("1.5"))
    line = energy("100", "4.00")
    assert amounts_by_cause(bill(7, line), bill(8, line, raised, penalty=31)) == {
        Cause.RAISING_FACTOR: 20_000,
        Cause.PENALTY: 31,
    }


def test_services_come_and_end():
    common = replace(energy("100", "4.00"), service="Электроснабжение на ОДН")
    line = energy("100", "4.00")
    assert amounts_by_cause(bill(7, line), bill(8, line, common)) == {Cause.NEW_SERVICE: 40_000}
    assert amounts_by_cause(bill(7, line, common), bill(8, line)) == {Cause.ENDED_SERVICE: -40_000}


def test_what_lines_don_t_tell_is_told_so():
    line = energy("100", "4.00")
    assert amounts_by_cause(bill(7, line), bill(8, line, charged=40_123)) == {Cause.OTHER: 123}
    unknown = replace(line, kwh=None, amount=50_000)
    assert amounts_by_cause(bill(7, line), bill(8, unknown)) == {Cause.OTHER: 10_000}


def test_the_whole_in_a_sentence():
    before, now = bill(7, energy("100", "4.44")), bill(8, energy("150", "4.44"))
    assert summary(before, now, Language.RU).replace("\N{NO-BREAK SPACE}", " ") == (
        "На 222,00 ₽ больше, чем за июль 2026."
    )
    assert summary(now, before, Language.EN).replace("\N{NO-BREAK SPACE}", " ") == (
        "₽222.00 less than for August 2026."
    )
    assert summary(now, now, Language.EN).startswith("The same as for")


def odd_line(
    zone: Zone, number: int, kwh: Decimal, price: Decimal, earlier: Decimal | None, off: int
) -> BillLine:
    """Build a line whose amount differs from its tariff by `off`."""
    earlier_price = None if earlier is None else str(earlier)
    line = energy(str(kwh), str(price), zone=zone, number=number, earlier=earlier_price)
    return replace(line, amount=line.amount + off)


def other_line(kind: LineKind, amount: int, service: str) -> BillLine:
    factor = Decimal("1.5") if kind is LineKind.RAISING_FACTOR else None
    return BillLine(kind, service, amount, factor=factor)


def odd_bill(
    month: int, energy_lines: list[BillLine], other_lines: list[BillLine], penalty: int, off: int
) -> BillFacts:
    """Build a bill whose charged sum differs from its lines by `off`."""
    exact = bill(month, *energy_lines, *other_lines, penalty=penalty)
    return replace(exact, charged=exact.charged + off)


price = st.decimals("0.01", 20, places=5)
lines = st.builds(
    odd_line,
    st.sampled_from([Zone.DAY, Zone.NIGHT, Zone.PEAK]),
    st.integers(1, 3),
    st.decimals(0, 2000, places=1),
    price,
    st.none() | price,
    st.sampled_from([0, 0, 0, 1, -700]),
)
others = st.builds(
    other_line,
    st.sampled_from(LineKind),
    st.integers(-(10**6), 10**6),
    st.sampled_from([SERVICE, "Прочее"]),
)
bills = st.builds(
    odd_bill,
    st.integers(1, 12),
    st.lists(lines, max_size=6),
    st.lists(others, max_size=3),
    st.integers(0, 10**5),
    st.sampled_from([0, 0, 100]),
)


@given(bills, bills)
def test_the_effects_add_up_to_the_difference_exactly(before: BillFacts, now: BillFacts):
    changes = effects(before, now)
    assert sum(effect.amount for effect in changes) == now.total - before.total
    assert all(effect.amount for effect in changes)
    for language in Language:
        assert all(sentence(effect, language).endswith(".") for effect in changes)
