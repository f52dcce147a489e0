"""A recalculation («перерасчёт») in words: which months it corrects, why, and by what document."""

from datetime import date
from typing import Protocol

from lk_graphql.billing.models import RecalculationReason
from lk_graphql.kit.figures import month
from lk_graphql.kit.languages import Language

_RUSSIAN = {
    RecalculationReason.READING_CORRECTED: "Исправлено ошибочное показание",
    RecalculationReason.ESTIMATE_CORRECTED: "Расчётный объём заменён объёмом по показаниям",
    RecalculationReason.METER_CHECKED: "Проверка прибора учёта",
    RecalculationReason.SUPPLY_INTERRUPTED: "Перерывы в электроснабжении или его качество",
    RecalculationReason.TARIFF_CORRECTED: "Изменён тариф или категория",
    RecalculationReason.TEMPORARY_ABSENCE: "Временное отсутствие проживающих",
}
_ENGLISH = {
    RecalculationReason.READING_CORRECTED: "A wrong reading was corrected",
    RecalculationReason.ESTIMATE_CORRECTED: "An estimate gave way to readings",
    RecalculationReason.METER_CHECKED: "The meter was checked",
    RecalculationReason.SUPPLY_INTERRUPTED: "The supply was interrupted, or bad",
    RecalculationReason.TARIFF_CORRECTED: "The tariff or the category was corrected",
    RecalculationReason.TEMPORARY_ABSENCE: "Nobody was at home for a time",
}
_DASH = "\N{EN DASH}"


class Corrected(Protocol):
    """What a recalculation's line says of itself."""

    @property
    def reason(self) -> str | None: ...
    @property
    def reason_code(self) -> RecalculationReason | None: ...
    @property
    def corrects_from(self) -> date | None: ...
    @property
    def corrects_to(self) -> date | None: ...


def why(line: Corrected, language: Language) -> str | None:
    """Billing's own words in Russian; in English the code's, where it says anything."""
    said = line.reason.rstrip(".") if line.reason else None
    if language is Language.RU:
        return said or _RUSSIAN.get(line.reason_code) if line.reason_code else said
    return _ENGLISH.get(line.reason_code, said) if line.reason_code else said


def months(line: Corrected, language: Language) -> str | None:
    """`сентябрь 2026`, `июль 2026 – сентябрь 2026`; None where billing doesn't tell."""
    if line.corrects_from is None or line.corrects_to is None:
        return None
    first, last = (month(one, language) for one in (line.corrects_from, line.corrects_to))
    return first if first == last else f"{first} {_DASH} {last}"
