"""Windows, norms and rules of anomalies, as dated rows that an operator loads.

The law sets the window's end (ПП 354, п. 31), and this supplier sets the days before it. Norms and
numbers of orders are fictitious, but realistic.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.demo.data.law import law
from lk_graphql.demo.data.rng import Keys
from lk_graphql.kit.dated_rows import Row, newest
from lk_graphql.metering.models import AnomalyRule, EstimateRule, LatePolicy, Norm, WindowRule
from lk_graphql.metering.service.rules import EstimateTerms, NormTerms, norm_kwh

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
