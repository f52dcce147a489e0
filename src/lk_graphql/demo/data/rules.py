"""The supplier's rules of billing and metering, as dated rows that an operator loads.

The urban ranges are real; the law sets the billing days and the window's end (ПП 354, п. 31), and
this supplier sets the days before it. Prices, norms and numbers of orders are fictitious; prices
are similar to those in Kuzbass.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import DueRule, PenaltyRate, PenaltyShare, RangeLimit, Tariff
from lk_graphql.billing.service.charges import RANGE_ONE, Ranges, TariffPrice, ranges_on
from lk_graphql.billing.service.receipts.content import PenaltyStep
from lk_graphql.demo.data.debts import DueTerms, Rate, due_on, issue_by
from lk_graphql.demo.data.law import law
from lk_graphql.demo.data.rng import Keys
from lk_graphql.kit.dated_rows import Row, newest
from lk_graphql.metering.models import AnomalyRule, EstimateRule, LatePolicy, Norm, WindowRule, Zone
from lk_graphql.metering.service.rules import EstimateTerms, NormTerms, norm_kwh

# Billing: tariffs, ranges, penalties and billing days.

_RANGES_SINCE = date(2022, 12, 1)

# the first day, the single rate's price of a kWh of the first range in rubles, the order
_PRICES = (
    (date(2019, 1, 1), "3.12", "приказ РЭК Кузбасса № 1-э (демонстрационный)"),
    (date(2022, 12, 1), "3.56", "постановление РЭК Кузбасса № 2-э (демонстрационное)"),
    (date(2024, 7, 1), "3.88", "постановление РЭК Кузбасса № 3-э (демонстрационное)"),
    (date(2025, 7, 1), "4.37", "постановление РЭК Кузбасса № 4-э (демонстрационное)"),
    (date(2026, 1, 1), "4.44", "постановление РЭК Кузбасса № 5-э (демонстрационное)"),
    (date(2026, 10, 1), "4.93", "постановление РЭК Кузбасса № 6-э (демонстрационное)"),
)
_RANGE_FACTORS = ("1", "1.46", "2.12")
_ZONE_FACTORS = {
    Zone.SINGLE: "1",
    Zone.DAY: "1.15",
    Zone.NIGHT: "0.7",
    Zone.PEAK: "1.3",
    Zone.HALF_PEAK: "1",
}
_CATEGORY_FACTORS = {
    TariffCategory.URBAN_GAS: "1",
    TariffCategory.URBAN_ELECTRIC: "0.7",
    TariffCategory.RURAL: "0.7",
}
_RANGE_ENDS: dict[TariffCategory, tuple[int | None, ...]] = {
    TariffCategory.URBAN_GAS: (400, 650, None),
    TariffCategory.URBAN_ELECTRIC: (400, 650, None),
    TariffCategory.RURAL: (3900, 6000, None),
}
_RANGE_ORDER = "постановление РЭК Кузбасса № 2-э (демонстрационное)"


@cache
def tariffs() -> list[Tariff]:
    return list(_tariffs())


def _tariffs() -> Iterator[Tariff]:
    keys = Keys("tariffs")
    starts = [since for since, *_ in _PRICES]
    ends = [*(start - timedelta(days=1) for start in starts[1:]), None]
    for (since, base, order), until in zip(_PRICES, ends, strict=True):
        for category, of_category in _CATEGORY_FACTORS.items():
            for zone, of_zone in _ZONE_FACTORS.items():
                for number, of_range in enumerate(_RANGE_FACTORS, start=1):
                    exact = Decimal(base) * Decimal(of_category) * Decimal(of_zone)
                    price = round(exact * Decimal(of_range), 2)
                    key = keys.new(since)
                    yield Tariff.construct(
                        id=key,
                        category=category,
                        zone=zone,
                        range_number=number,
                        rubles_per_kwh=price,
                        valid_from=since,
                        valid_to=until,
                        order_reference=order,
                    )


@cache
def range_limits() -> list[RangeLimit]:
    keys, beginning = Keys("range limits"), date(2010, 1, 1)
    rows = [
        RangeLimit.construct(
            id=keys.new(_RANGES_SINCE),
            category=category,
            range_number=number,
            up_to_kwh=end,
            valid_from=_RANGES_SINCE,
            order_reference=_RANGE_ORDER,
        )
        for category, ends in _RANGE_ENDS.items()
        for number, end in enumerate(ends, start=1)
    ]
    single_ranges = [
        RangeLimit.construct(
            id=keys.new(beginning), category=category, range_number=1, valid_from=beginning
        )
        for category in TariffCategory
    ]
    return [*single_ranges, *rows]


@cache
def prices(category: TariffCategory, days: tuple[date, date]) -> list[TariffPrice]:
    """The prices of a category that are in force within these days."""
    first, last = days
    return [
        TariffPrice(row.zone, row.range_number, row.rubles_per_kwh, row.valid_from, row.valid_to)
        for row in tariffs()
        if row.category is category
        and row.valid_from <= last
        and (row.valid_to is None or row.valid_to >= first)
    ]


@cache
def ranges(category: TariffCategory, day: date, *, privileged: bool) -> Ranges:
    if privileged:
        return RANGE_ONE
    return ranges_on(day, [row for row in range_limits() if row.category is category])


@cache
def rates() -> list[Rate]:
    return [
        Rate(row.percent, row.valid_from, row.valid_to, is_cap=row.is_cap)
        for row in law(PenaltyRate)
    ]


@cache
def penalty_steps() -> list[PenaltyStep]:
    return [PenaltyStep(row.days_late, row.divisor, row.valid_from) for row in law(PenaltyShare)]


@cache
def billing_days(period: date) -> tuple[date, date]:
    """The last day to issue the bill of a month, and the last day to pay it."""
    terms = [DueTerms(row.from_period, row.document_day, row.due_day) for row in law(DueRule)]
    return issue_by(period, terms), due_on(period, terms)


# Metering: windows, norms, anomalies and estimates.

_BEGINNING = date(2012, 9, 1)  # the first day of ПП 354
_WINDOWS = (
    (_BEGINNING, 15, 25, LatePolicy.REFUSED, 0, "Порядок приёма показаний, 2012 год"),
    (date(2026, 3, 1), 1, 25, LatePolicy.NEXT_PERIOD, 3, "Порядок приёма показаний, 2026 год"),
)
_NORMS = {
    TariffCategory.URBAN_GAS: ("119", "74", "57", "46", "41"),
    TariffCategory.URBAN_ELECTRIC: ("155", "96", "74", "60", "53"),
    TariffCategory.RURAL: ("138", "86", "66", "54", "47"),
}
"""Kilowatt-hours per month and person, for one to five people."""


@cache
def window_rules() -> list[WindowRule]:
    keys = Keys("window rules")
    return [
        WindowRule.construct(
            id=keys.new(since),
            from_period=since,
            first_day=first_day,
            last_day=last_day,
            late_policy=late_policy,
            offline_days=offline_days,
            reference=reference,
        )
        for since, first_day, last_day, late_policy, offline_days, reference in _WINDOWS
    ]


@cache
def anomaly_rules() -> list[AnomalyRule]:
    key = Keys("anomaly rules").new(_BEGINNING)
    about = "Порядок приёма показаний, 2012 год"
    return [
        AnomalyRule.construct(
            id=key,
            from_period=_BEGINNING,
            usual_times=Decimal(3),
            usual_months=12,
            least_months=3,
            allowed_kw=Decimal(15),
            reference=about,
        )
    ]


@cache
def norms() -> list[Norm]:
    return list(_norms())


def _norms() -> Iterator[Norm]:
    keys, order = Keys("norms"), "постановление РЭК Кузбасса № 7-э (демонстрационное)"
    for category, of_category in _NORMS.items():
        for residents, kwh in enumerate(of_category, start=1):
            key = keys.new(_BEGINNING)
            yield Norm.construct(
                id=key,
                category=category,
                residents=residents,
                kwh_per_person=Decimal(kwh),
                from_period=_BEGINNING,
                order_reference=order,
            )


@cache
def estimate_terms(period: date) -> EstimateTerms:
    row = _in_force(law(EstimateRule), period)
    return EstimateTerms(row.average_months, row.least_months, row.longest_run, row.raising_factor)


@cache
def anomaly_rule(period: date) -> AnomalyRule:
    return _in_force(anomaly_rules(), period)


@cache
def norm(category: TariffCategory, residents: int, period: date) -> Decimal:
    """The norm of a household, in kWh per month."""
    rows = [
        NormTerms(row.residents, row.kwh_per_person, row.from_period)
        for row in norms()
        if row.category is category
    ]
    return norm_kwh(residents, period, rows) or Decimal()


def _in_force(rows: list[Row], period: date) -> Row:
    row = newest(rows, period)
    if row is None:
        raise LookupError(f"No rule for {period:%Y-%m}")
    return row
