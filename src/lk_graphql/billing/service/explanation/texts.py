"""Sentences of an explanation and of recalculations, in Russian and English."""

from datetime import date
from typing import Protocol

from lk_graphql.billing.models import RecalculationReason
from lk_graphql.billing.service.explanation.attribution import Cause, Effect
from lk_graphql.billing.service.explanation.bills import BillFacts, BillLine
from lk_graphql.kit.formatting import format_month, format_number, format_rubles
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import Zone

_REASONS_RU = {
    RecalculationReason.READING_CORRECTED: "Исправлено ошибочное показание",
    RecalculationReason.ESTIMATE_CORRECTED: "Расчётный объём заменён объёмом по показаниям",
    RecalculationReason.METER_CHECKED: "Проверка прибора учёта",
    RecalculationReason.SUPPLY_INTERRUPTED: "Перерывы в электроснабжении или его качество",
    RecalculationReason.TARIFF_CORRECTED: "Изменён тариф или категория",
    RecalculationReason.TEMPORARY_ABSENCE: "Временное отсутствие проживающих",
}
_REASONS_EN = {
    RecalculationReason.READING_CORRECTED: "A wrong reading was corrected",
    RecalculationReason.ESTIMATE_CORRECTED: "An estimate gave way to readings",
    RecalculationReason.METER_CHECKED: "The meter was checked",
    RecalculationReason.SUPPLY_INTERRUPTED: "The supply was interrupted, or bad",
    RecalculationReason.TARIFF_CORRECTED: "The tariff or the category was corrected",
    RecalculationReason.TEMPORARY_ABSENCE: "Nobody was at home for a time",
}
_DASH = "\N{EN DASH}"


class CorrectedLine(Protocol):
    """The line of a recalculation."""

    @property
    def reason(self) -> str | None: ...
    @property
    def reason_code(self) -> RecalculationReason | None: ...
    @property
    def corrects_from(self) -> date | None: ...
    @property
    def corrects_to(self) -> date | None: ...


def recalculation_reason(line: CorrectedLine, language: Language) -> str | None:
    """Return billing's own text in Russian; in English the text of the code, if any."""
    text = line.reason.rstrip(".") if line.reason else None
    if language is Language.RU:
        return text or _REASONS_RU.get(line.reason_code) if line.reason_code else text
    return _REASONS_EN.get(line.reason_code, text) if line.reason_code else text


def corrected_months(line: CorrectedLine, language: Language) -> str | None:
    """`сентябрь 2026`, `июль 2026 – сентябрь 2026`; None if unknown."""
    if line.corrects_from is None or line.corrects_to is None:
        return None
    first, last = (
        format_month(month, language) for month in (line.corrects_from, line.corrects_to)
    )
    return first if first == last else f"{first} {_DASH} {last}"


_RUSSIAN = {
    Cause.DAYS: "В месяце {now} дн. вместо {before} — при том же расходе за день.",
    Cause.VOLUME: "Расход {now} кВт·ч, а при прежнем расходе за день было бы {before}.",
    Cause.ESTIMATE: (
        "Показаний не было, объём расчётный: {now} кВт·ч, а при прежнем расходе за день"
        " было бы {before}. Следующие показания его уточнят."
    ),
    Cause.ESTIMATE_CORRECTED: (
        "Прошлый объём был расчётным, этот — по показаниям, с поправкой за прошлые дни:"
        " {now} кВт·ч вместо {before}."
    ),
    Cause.ZONE_MIX: "Изменились доли зон суток: {subject} — {now} % вместо {before} %.",
    Cause.RANGE: "Выше первого диапазона, где дороже, — {now} кВт·ч вместо {before}.",
    Cause.TARIFF: "Изменился тариф: {now} ₽ за кВт·ч вместо {before} ₽.",
    Cause.RAISING_FACTOR: "Повышающий коэффициент: счёт по нормативу вместо показаний.",
    Cause.NEW_SERVICE: "Услуга, которой в прошлом счёте не было: {service}.",
    Cause.ENDED_SERVICE: "Услуга, которой больше нет: {service}.",
    Cause.RECALCULATION: "Перерасчёт за {months}.",
    Cause.EARLIER_RECALCULATION: "В прошлом счёте был перерасчёт за {months}, в этом его нет.",
    Cause.PENALTY: "Пени за просрочку: {now} ₽ вместо {before} ₽.",
    Cause.OTHER: "Прочие изменения начислений.",
}
_ENGLISH = {
    Cause.DAYS: "The month has {now} days instead of {before}, at the same daily use.",
    Cause.VOLUME: "You used {now} kWh; at the daily use of the month before it would be {before}.",
    Cause.ESTIMATE: (
        "There was no reading, so the volume is estimated: {now} kWh; at the daily use of the"
        " month before it would be {before}. The next reading corrects it."
    ),
    Cause.ESTIMATE_CORRECTED: (
        "The volume before was estimated, this one is by readings and makes up for it:"
        " {now} kWh instead of {before}."
    ),
    Cause.ZONE_MIX: "The zones' shares have changed: {subject} {now}% instead of {before}%.",
    Cause.RANGE: "Above the first range, where it is dearer: {now} kWh instead of {before}.",
    Cause.TARIFF: "The tariff has changed: ₽{now} for a kWh instead of ₽{before}.",
    Cause.RAISING_FACTOR: "A raising factor: the bill goes by the norm instead of readings.",
    Cause.NEW_SERVICE: "A service that the bill before didn't have: {service}.",
    Cause.ENDED_SERVICE: "A service that is no more: {service}.",
    Cause.RECALCULATION: "A recalculation of {months}.",
    Cause.EARLIER_RECALCULATION: (
        "The bill before had a recalculation of {months}, this one doesn't."
    ),
    Cause.PENALTY: "A penalty for paying late: ₽{now} instead of ₽{before}.",
    Cause.OTHER: "Other changes of the charges.",
}
_TEXTS = {Language.RU: _RUSSIAN, Language.EN: _ENGLISH}
_ZONES = {
    Language.RU: {
        Zone.SINGLE: "круглосуточно",
        Zone.DAY: "день",
        Zone.NIGHT: "ночь",
        Zone.PEAK: "пик",
        Zone.HALF_PEAK: "полупик",
    },
    Language.EN: {
        Zone.SINGLE: "all day",
        Zone.DAY: "day",
        Zone.NIGHT: "night",
        Zone.PEAK: "peak",
        Zone.HALF_PEAK: "half-peak",
    },
}
_EARLIER = {Language.RU: "прошлые месяцы", Language.EN: "earlier months"}
_BY = {Language.RU: "Основание", Language.EN: "Document"}
_MONEY = {Cause.PENALTY, Cause.TARIFF}


def zone_name(zone: str, language: Language) -> str:
    """Return the name of a zone for a sentence; other texts are returned unchanged."""
    return _ZONES[language][Zone(zone)] if zone in Zone.__members__ else zone


def sentence(effect: Effect, language: Language) -> str:
    """Return a sentence about the effect's cause, without its sum."""
    if effect.corrected:
        return _recalculation_text(effect.cause, effect.corrected, language)
    places = 2 if effect.cause in _MONEY else 0
    before, now = (
        "" if value is None else format_number(value, language, places=places)
        for value in (effect.before, effect.now)
    )
    subject = zone_name(effect.subject or "", language)
    text = _TEXTS[language][effect.cause]
    return text.format(before=before, now=now, subject=subject, service=effect.service)


def headline(effect: Effect, language: Language) -> str:
    """Return `sentence` without the reason of a recalculation, which the bill's lines contain."""
    if effect.cause is Cause.RECALCULATION and effect.corrected:
        return _months_text(effect.cause, effect.corrected, language)
    return sentence(effect, language)


def _months_text(cause: Cause, line: BillLine, language: Language) -> str:
    months = corrected_months(line, language) or _EARLIER[language]
    return _TEXTS[language][cause].format(months=months)


def _recalculation_text(cause: Cause, line: BillLine, language: Language) -> str:
    sentences = [_months_text(cause, line, language)]
    if reason := recalculation_reason(line, language):
        sentences.append(f"{reason}.")
    if line.document:
        sentences.append(f"{_BY[language]}: {line.document.rstrip('.')}.")
    return " ".join(sentences)


def summary(before: BillFacts, now: BillFacts, language: Language) -> str:
    """Return a sentence about the difference of the totals."""
    difference, period = now.total - before.total, format_month(before.period, language)
    amount = format_rubles(abs(difference), language)
    if language is Language.RU:
        if not difference:
            return f"Столько же, сколько за {period}."
        return f"На {amount} ₽ {'больше' if difference > 0 else 'меньше'}, чем за {period}."
    if not difference:
        return f"The same as for {period}."
    return f"₽{amount} {'more' if difference > 0 else 'less'} than for {period}."
