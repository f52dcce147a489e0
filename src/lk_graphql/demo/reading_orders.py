"""When readings are taken and what is estimated without: dated rows, as an operator loads them.

The window's end, the months and the factor of estimates are the law's (ПП 354, п. 31, 59, 60); the
days before it are this supplier's. The norms and the numbers of orders are invented, of the size
that Kuzbass has.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.demo.chance import Keys
from lk_graphql.metering.models import LatePolicy
from lk_graphql.metering.service.estimates import EstimateTerms
from lk_graphql.metering.service.norms import NormTerms, norm_kwh


class WindowRuleRow(NamedTuple):
    id: UUID
    from_period: date
    first_day: int
    last_day: int
    late_policy: LatePolicy
    offline_days: int
    reference: str


class AnomalyRuleRow(NamedTuple):
    id: UUID
    from_period: date
    usual_times: Decimal
    usual_months: int
    least_months: int
    allowed_kw: Decimal
    reference: str


class EstimateRuleRow(NamedTuple):
    id: UUID
    from_period: date
    average_months: int
    least_months: int
    longest_run: int
    raising_factor: Decimal
    reference: str


class NormRow(NamedTuple):
    id: UUID
    category: TariffCategory
    residents: int
    kwh_per_person: Decimal
    from_period: date
    order_reference: str


_BEGINNING = date(2012, 9, 1)  # since when ПП 354 is in force
_WINDOWS = (
    (_BEGINNING, 15, 25, LatePolicy.REFUSED, 0, "Порядок приёма показаний, 2012 год"),
    (date(2026, 3, 1), 1, 25, LatePolicy.NEXT_PERIOD, 3, "Порядок приёма показаний, 2026 год"),
)
_NORMS = {
    TariffCategory.URBAN_GAS: ("119", "74", "57", "46", "41"),
    TariffCategory.URBAN_ELECTRIC: ("155", "96", "74", "60", "53"),
    TariffCategory.RURAL: ("138", "86", "66", "54", "47"),
}
"""Kilowatt-hours a month for each of one to five people."""


@cache
def window_rules() -> list[WindowRuleRow]:
    keys = Keys("window rules")
    return [WindowRuleRow(keys.new(rule[0]), *rule) for rule in _WINDOWS]


@cache
def anomaly_rules() -> list[AnomalyRuleRow]:
    key = Keys("anomaly rules").new(_BEGINNING)
    about = "Порядок приёма показаний, 2012 год"
    return [AnomalyRuleRow(key, _BEGINNING, Decimal(3), 12, 3, Decimal(15), about)]


@cache
def estimate_rules() -> list[EstimateRuleRow]:
    key = Keys("estimate rules").new(_BEGINNING)
    return [EstimateRuleRow(key, _BEGINNING, 6, 3, 3, Decimal("1.5"), "ПП РФ № 354, п. 59 и 60")]


@cache
def norms() -> list[NormRow]:
    return list(_norms())


def _norms() -> Iterator[NormRow]:
    keys, order = Keys("norms"), "постановление РЭК Кузбасса № 7-э (демонстрационное)"
    for category, of_category in _NORMS.items():
        for residents, kwh in enumerate(of_category, start=1):
            key = keys.new(_BEGINNING)
            yield NormRow(key, category, residents, Decimal(kwh), _BEGINNING, order)


@cache
def estimate_terms(period: date) -> EstimateTerms:
    row = _newest(estimate_rules(), period)
    return EstimateTerms(row.average_months, row.least_months, row.longest_run, row.raising_factor)


@cache
def anomaly_rule(period: date) -> AnomalyRuleRow:
    return _newest(anomaly_rules(), period)


@cache
def norm(category: TariffCategory, residents: int, period: date) -> Decimal:
    """Of a household, in kWh a month."""
    rows = [
        NormTerms(row.residents, row.kwh_per_person, row.from_period)
        for row in norms()
        if row.category is category
    ]
    return norm_kwh(residents, period, rows) or Decimal()


def _newest(rows: list[Any], period: date) -> Any:
    return max((row for row in rows if row.from_period <= period), key=lambda row: row.from_period)
