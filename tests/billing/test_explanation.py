"""Explanation of a bill: effects to the kopeck, and sentences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.models import LineKind, RecalculationReason, VolumeBasis
from lk_graphql.billing.service.charges import amount_of
from lk_graphql.billing.service.explanation import (
    BillFacts,
    BillLine,
    Cause,
    Effect,
    ReadingFact,
    effects,
    headline,
    sentence,
    summary,
)
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
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


def test_more_energy_at_the_same_price_is_the_cause_volume():
    amounts = amounts_by_cause(bill(7, energy("100", "4.44")), bill(8, energy("150", "4.44")))
    assert amounts == {Cause.VOLUME: 22_200}


def test_a_shorter_month_at_the_same_daily_use_is_the_cause_days():
    """April has 30 days instead of 31: a thirty-first of the use less."""
    amounts = amounts_by_cause(bill(3, energy("310", "4.00")), bill(4, energy("300", "4.00")))
    assert amounts == {Cause.DAYS: -4_000}


def read(since: date, until: date, source: ReadingSource = ReadingSource.CUSTOMER) -> ReadingFact:
    return ReadingFact(KEY, source, until, ReadingSource.CUSTOMER, since)


def test_use_per_day_is_that_between_the_readings():
    """132 kWh in 26 days, then 169 in 35: fewer a day, though October has but one day more."""
    before = replace(
        bill(9, energy("132", "4.93")), readings=(read(date(2026, 8, 25), date(2026, 9, 20)),)
    )
    now = replace(
        bill(10, energy("169", "4.93")), readings=(read(date(2026, 9, 20), date(2026, 10, 25)),)
    )

    days, volume = effects(before, now)

    assert (days.cause, days.amount > 0) == (Cause.DAYS, True)
    assert (volume.cause, volume.amount < 0) == (Cause.VOLUME, True)
    assert [sentence(effect, Language.RU) for effect in (days, volume)] == [
        "Счёт за 35 дней вместо 26 — при том же расходе за день.",
        "Расход 169 кВт·ч, а при прежнем расходе за день было бы 178.",
    ]
    assert sentence(days, Language.EN) == (
        "The bill is for 35 days instead of 26, at the same daily use."
    )


@pytest.mark.parametrize(
    ("readings", "opened_on", "closed_on", "days"),
    [
        ((read(date(2026, 8, 25), date(2026, 9, 20)),), None, None, 26),
        # replaced on the 5th: the old meter's readings, and the new one's
        (
            (read(date(2026, 8, 25), date(2026, 9, 5)), read(date(2026, 9, 5), date(2026, 9, 24))),
            None,
            None,
            30,
        ),
        ((read(date(2026, 9, 20), date(2026, 9, 20)),), None, None, 1),
        ((read(date(2026, 8, 25), date(2026, 9, 30), ReadingSource.ESTIMATED),), None, None, 30),
        ((ReadingFact(KEY, ReadingSource.CUSTOMER, date(2026, 9, 20)),), None, None, 30),
        ((), None, None, 30),
        ((), date(2026, 9, 11), None, 20),
        ((), None, date(2026, 9, 10), 10),
        ((), date(2026, 9, 1), date(2026, 9, 30), 30),
        ((), date(2019, 3, 1), date(2027, 1, 1), 30),
    ],
)
def test_a_bill_s_days_are_counted_from_its_readings(
    readings: tuple[ReadingFact, ...],
    opened_on: date | None,
    closed_on: date | None,
    days: int,
):
    september = BillFacts(KEY, date(2026, 9, 1), 0, 0, 0, (), readings, opened_on, closed_on)
    assert september.days == days


@pytest.mark.parametrize(
    ("days", "text"), [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (21, "21 день"), (11, "11 дней")]
)
def test_days_have_their_plural(days: int, text: str):
    effect = Effect(Cause.DAYS, Kopecks(1), SERVICE, Decimal(30), Decimal(days))
    assert sentence(effect, Language.RU).startswith(f"Счёт за {text} вместо 30")


def test_kilowatt_hours_are_rounded_unless_that_makes_them_equal():
    before, now = bill(7, energy("168.4", "4.00")), bill(8, energy("170.6", "4.00"))
    near = bill(8, energy("168.3", "4.00"))

    assert [sentence(effect, Language.RU) for effect in effects(before, now)] == [
        "Расход 171 кВт·ч, а при прежнем расходе за день было бы 168."
    ]
    assert [sentence(effect, Language.RU) for effect in effects(before, near)] == [
        "Расход 168,3 кВт·ч, а при прежнем расходе за день было бы 168,4."
    ]


def test_a_new_price_of_the_same_volume_is_the_cause_tariff():
    before, now = bill(7, energy("100", "4.44")), bill(8, energy("100", "4.93"))
    (effect,) = effects(before, now)
    assert (effect.cause, effect.amount) == (Cause.TARIFF, 4_900)
    assert effect.tariff_orders == ("приказ о 4.93",)
    assert sentence(effect, Language.RU) == "Изменился тариф: 4,93 ₽ за кВт·ч вместо 4,44 ₽."


def test_the_second_range_is_a_cause_of_its_own():
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


def test_nearly_equal_shares_have_enough_digits_to_differ():
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


def test_the_first_use_of_a_zone_is_the_cause_zone_mix():
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


def test_readings_identify_an_estimate_where_lines_don_t():
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


def test_a_recalculation_is_explained_by_months_reason_and_document():
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


def test_a_recalculation_without_details_has_a_sentence_too():
    other = BillLine(LineKind.RECALCULATION, SERVICE, 700, reason_code=RecalculationReason.OTHER)
    line = energy("100", "4.00")
    (effect,) = effects(bill(7, line), bill(8, line, other))
    assert sentence(effect, Language.RU) == "Перерасчёт за прошлые месяцы."
    assert sentence(effect, Language.EN) == "A recalculation of earlier months."


RAISED = BillLine(LineKind.RAISING_FACTOR, SERVICE, 20_000, factor=Decimal("1.5"))
LINE = energy("100", "4.00")


def test_penalty_and_raising_factor_are_causes_of_their_own():
    assert amounts_by_cause(bill(7, LINE), bill(8, LINE, RAISED, penalty=31)) == {
        Cause.RAISING_FACTOR: 20_000,
        Cause.PENALTY: 31,
    }


def three_ranges(*volumes: str) -> list[BillLine]:
    prices = ("4.00", "6.00", "9.00")
    return [
        energy(kwh, price, number=number)
        for number, (kwh, price) in enumerate(zip(volumes, prices, strict=True), start=1)
    ]


BEGINS_AND_ENDS = [
    (
        bill(7, LINE),
        bill(8, LINE, RAISED),
        "Повышающий коэффициент: объём посчитан по нормативу.",
        "A raising factor: the volume is by the norm.",
    ),
    (
        bill(7, LINE, RAISED),
        bill(8, LINE),
        "Повышающий коэффициент больше не применяется: в прошлом счёте — 200,00 ₽.",
        "The raising factor doesn't apply any more; the bill before had ₽200.00.",
    ),
    (
        bill(7, LINE, RAISED),
        bill(8, LINE, replace(RAISED, amount=10_000)),
        "Повышающий коэффициент: 100,00 ₽ вместо 200,00 ₽.",
        "A raising factor: ₽100.00 instead of ₽200.00.",
    ),
    (
        bill(7, LINE),
        bill(8, LINE, penalty=31),
        "Пени за просрочку: 0,31 ₽. В прошлом счёте их не было.",
        "A penalty for paying late: ₽0.31. The bill before had none.",
    ),
    (
        bill(7, LINE),
        bill(8, LINE, penalty=-31),
        "Пени списаны: 0,31 ₽.",
        "A penalty was written off: ₽0.31.",
    ),
    (
        bill(7, LINE, penalty=31),
        bill(8, LINE),
        "Пеней за просрочку больше нет. В прошлом счёте — 0,31 ₽.",
        "There is no penalty for paying late any more. The bill before had ₽0.31.",
    ),
    (
        bill(7, LINE, penalty=31),
        bill(8, LINE, penalty=32),
        "Пени за просрочку: 0,32 ₽ вместо 0,31 ₽.",
        "A penalty for paying late: ₽0.32 instead of ₽0.31.",
    ),
    (
        bill(7, LINE, penalty=31),
        bill(8, LINE, penalty=-32),
        "Пени списаны: 0,32 ₽. В прошлом счёте начислены: 0,31 ₽.",
        "A penalty was written off: ₽0.32. The bill before charged ₽0.31.",
    ),
    (
        bill(7, LINE, penalty=-31),
        bill(8, LINE),
        "В прошлом счёте пени списаны: 0,31 ₽, в этом списания нет.",
        "The bill before wrote off a penalty of ₽0.31, this one doesn't.",
    ),
    (
        bill(7, LINE, penalty=-31),
        bill(8, LINE, penalty=32),
        "Пени за просрочку: 0,32 ₽. В прошлом счёте списаны: 0,31 ₽.",
        "A penalty for paying late: ₽0.32. The bill before wrote off ₽0.31.",
    ),
    (
        bill(7, LINE, penalty=-31),
        bill(8, LINE, penalty=-32),
        "Пени списаны: 0,32 ₽, в прошлом счёте — 0,31 ₽.",
        "A penalty was written off: ₽0.32, and ₽0.31 in the bill before.",
    ),
    (
        bill(7, energy("100", "4.00", earlier="4.00")),
        bill(8, energy("60", "4.00"), energy("40", "6.00", number=2, earlier="6.00")),
        (
            "Выше первого диапазона, где дороже, — 40 кВт·ч:"
            " при прежних долях диапазонов туда не попало бы ничего."
        ),
        (
            "Above the first range, where it is dearer: 40 kWh;"
            " by the shares of the month before nothing would be."
        ),
    ),
    (
        bill(7, energy("60", "4.00"), energy("40", "6.00", number=2)),
        bill(8, energy("100", "4.00")),
        (
            "Весь расход — в первом диапазоне:"
            " при прежних долях диапазонов выше него было бы 40 кВт·ч."
        ),
        "All of it is in the first range; by the shares of the month before 40 kWh would be above.",
    ),
    (
        bill(7, energy("60", "4.00"), energy("40", "6.00", number=2)),
        bill(8, energy("70", "4.00"), energy("30", "6.00", number=2)),
        "Выше первого диапазона, где дороже, — 30 кВт·ч вместо 40.",
        "Above the first range, where it is dearer: 30 kWh instead of 40.",
    ),
    (
        bill(
            7, energy("60", "4.00"), energy("40", "6.00", number=2), energy("0", "9.00", number=3)
        ),
        bill(
            8, energy("60", "4.00"), energy("0", "6.00", number=2), energy("40", "9.00", number=3)
        ),
        "Изменились доли диапазонов потребления.",
        "The ranges' shares have changed.",
    ),
]


@pytest.mark.parametrize(("before", "now", "russian", "english"), BEGINS_AND_ENDS)
def test_causes_that_begin_continue_or_end_have_their_sentences(
    before: BillFacts, now: BillFacts, russian: str, english: str
):
    (effect,) = effects(before, now)
    assert sentence(effect, Language.RU) == russian
    assert sentence(effect, Language.EN) == english


def test_a_cause_that_is_absent_or_the_same_is_no_effect():
    both = bill(7, LINE, RAISED, penalty=31), bill(8, LINE, RAISED, penalty=31)
    assert effects(*both) == effects(bill(7, LINE), bill(8, LINE)) == []


BASES = [None, VolumeBasis.METER, VolumeBasis.AVERAGE, VolumeBasis.NORM]


@pytest.mark.parametrize("earlier", BASES)
@pytest.mark.parametrize(
    ("basis", "text"),
    [
        (VolumeBasis.AVERAGE, "Показаний к расчёту не было, объём расчётный: 150 кВт·ч"),
        (VolumeBasis.NORM, "Показаний к расчёту не было, объём по нормативу: 150 кВт·ч"),
        (VolumeBasis.METER, ""),
    ],
)
def test_the_sentence_about_a_volume_depends_on_its_basis(
    earlier: VolumeBasis | None, basis: VolumeBasis, text: str
):
    now = bill(8, energy("150", "4.00", basis=basis))
    (effect,) = effects(bill(7, energy("100", "4.00", basis=earlier)), now)

    was_estimated = earlier in {VolumeBasis.AVERAGE, VolumeBasis.NORM}
    metered = "Прошлый объём был расчётным" if was_estimated else "Расход 150 кВт·ч"
    assert sentence(effect, Language.RU).startswith(text or metered)


@pytest.mark.parametrize(
    ("verified_until", "expected"),
    [
        (date(2026, 8, 30), "Срок поверки счётчика истёк, поэтому объём расчётный: 150 кВт·ч"),
        (date(2026, 8, 31), "Показаний к расчёту не было, объём по нормативу: 150 кВт·ч"),
        (None, "Показаний к расчёту не было, объём по нормативу: 150 кВт·ч"),
    ],
)
def test_the_sentence_about_an_estimate_names_an_expired_verification(
    verified_until: date | None, expected: str
):
    estimated = ReadingFact(
        KEY, ReadingSource.ESTIMATED, date(2026, 8, 31), verified_until=verified_until
    )
    now = replace(bill(8, energy("150", "4.00", basis=VolumeBasis.NORM)), readings=(estimated,))
    (effect,) = effects(bill(7, energy("100", "4.00")), now)

    assert effect.cause is Cause.ESTIMATE
    assert sentence(effect, Language.RU).startswith(expected)


def test_nothing_used_is_compared_by_day_too():
    (effect,) = effects(bill(2, energy("280", "4.00")), bill(3, energy("0", "4.00")))
    assert sentence(effect, Language.RU) == (
        "Расход 0 кВт·ч, а при прежнем расходе за день было бы 310."
    )


def test_new_and_ended_services_are_causes_of_their_own():
    common = replace(energy("100", "4.00"), service="Электроснабжение на ОДН")
    line = energy("100", "4.00")
    assert amounts_by_cause(bill(7, line), bill(8, line, common)) == {Cause.NEW_SERVICE: 40_000}
    assert amounts_by_cause(bill(7, line, common), bill(8, line)) == {Cause.ENDED_SERVICE: -40_000}


def test_an_unexplained_amount_is_the_cause_other():
    line = energy("100", "4.00")
    assert amounts_by_cause(bill(7, line), bill(8, line, charged=40_123)) == {Cause.OTHER: 123}
    unknown = replace(line, kwh=None, amount=50_000)
    assert amounts_by_cause(bill(7, line), bill(8, unknown)) == {Cause.OTHER: 10_000}


def test_a_summary_compares_the_totals_in_one_sentence():
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
    st.integers(-(10**5), 10**5),
    st.sampled_from([0, 0, 100]),
)


@given(bills, bills)
def test_the_effects_add_up_to_the_difference_exactly(before: BillFacts, now: BillFacts):
    changes = effects(before, now)
    assert sum(effect.amount for effect in changes) == now.total - before.total
    assert all(effect.amount for effect in changes)
    for language in Language:
        assert all(sentence(effect, language).endswith(".") for effect in changes)
