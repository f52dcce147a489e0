"""Sentences of an explanation and of recalculations, in Russian and English."""

from datetime import date
from decimal import Decimal
from typing import Protocol

from lk_graphql.billing.models import RecalculationReason
from lk_graphql.billing.service.explanation.attribution import Cause, Effect
from lk_graphql.billing.service.explanation.bills import BillFacts, BillLine, EstimateReason
from lk_graphql.kit.formatting import format_month, format_number, format_rubles, plural
from lk_graphql.kit.languages import Language
from lk_graphql.metering.service.consumption import zone_name

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
    """Return the months, as `сентябрь 2026` or `июль 2026 – сентябрь 2026`; None if unknown."""
    if line.corrects_from is None or line.corrects_to is None:
        return None
    first, last = (
        format_month(month, language) for month in (line.corrects_from, line.corrects_to)
    )
    return first if first == last else f"{first} {_DASH} {last}"


_RUSSIAN = {
    Cause.DAYS: "Счёт за {now} {days} вместо {before} — при том же расходе за день.",
    Cause.VOLUME: "Расход {now} кВт·ч, а при прежнем расходе за день было бы {before}.",
    Cause.ESTIMATE: (
        "Показаний к расчёту не было, объём расчётный: {now} кВт·ч, а при прежнем расходе за день"
        " было бы {before}. Следующие показания его уточнят."
    ),
    Cause.ESTIMATE_CORRECTED: (
        "Прошлый объём был расчётным, этот — по показаниям, с поправкой за прошлые дни:"
        " {now} кВт·ч вместо {before}."
    ),
    Cause.ZONE_MIX: "Изменились доли зон суток: {subject} — {now} % вместо {before} %.",
    Cause.RANGE: "Изменились доли диапазонов потребления.",
    Cause.TARIFF: "Изменился тариф: {now} ₽ за кВт·ч вместо {before} ₽.",
    Cause.RAISING_FACTOR: "Изменился повышающий коэффициент.",
    Cause.NEW_SERVICE: "Услуга, которой в прошлом счёте не было: {service}.",
    Cause.ENDED_SERVICE: "Услуга, которой больше нет: {service}.",
    Cause.RECALCULATION: "Перерасчёт за {months}.",
    Cause.EARLIER_RECALCULATION: "В прошлом счёте был перерасчёт за {months}, в этом его нет.",
    Cause.PENALTY: "Изменились пени за просрочку.",
    Cause.OTHER: "Прочие изменения начислений.",
}
_RUSSIAN_BY_SIGNS = {
    Cause.RANGE: {
        (0, 1): (
            "Выше первого диапазона, где дороже, — {now} кВт·ч: при прежних долях диапазонов"
            " туда не попало бы ничего."
        ),
        (1, 0): (
            "Весь расход — в первом диапазоне: при прежних долях диапазонов выше него было бы"
            " {before} кВт·ч."
        ),
        (1, 1): "Выше первого диапазона, где дороже, — {now} кВт·ч вместо {before}.",
    },
    Cause.RAISING_FACTOR: {
        (0, 1): "Повышающий коэффициент: объём посчитан по нормативу.",
        (1, 0): "Повышающий коэффициент больше не применяется: в прошлом счёте — {before} ₽.",
        (1, 1): "Повышающий коэффициент: {now} ₽ вместо {before} ₽.",
    },
    Cause.PENALTY: {
        (0, 1): "Пени за просрочку: {now} ₽. В прошлом счёте их не было.",
        (0, -1): "Пени списаны: {now} ₽.",
        (1, 0): "Пеней за просрочку больше нет. В прошлом счёте — {before} ₽.",
        (1, 1): "Пени за просрочку: {now} ₽ вместо {before} ₽.",
        (1, -1): "Пени списаны: {now} ₽. В прошлом счёте начислены: {before} ₽.",
        (-1, 0): "В прошлом счёте пени списаны: {before} ₽, в этом списания нет.",
        (-1, 1): "Пени за просрочку: {now} ₽. В прошлом счёте списаны: {before} ₽.",
        (-1, -1): "Пени списаны: {now} ₽, в прошлом счёте — {before} ₽.",
    },
}
_ENGLISH = {
    Cause.DAYS: "The bill is for {now} {days} instead of {before}, at the same daily use.",
    Cause.VOLUME: "You used {now} kWh; at the daily use of the month before it would be {before}.",
    Cause.ESTIMATE: (
        "No reading counted, so the volume is estimated: {now} kWh; at the daily use of the"
        " month before it would be {before}. The next reading corrects it."
    ),
    Cause.ESTIMATE_CORRECTED: (
        "The volume before was estimated, this one is by readings and makes up for it:"
        " {now} kWh instead of {before}."
    ),
    Cause.ZONE_MIX: "The zones' shares have changed: {subject} {now}% instead of {before}%.",
    Cause.RANGE: "The ranges' shares have changed.",
    Cause.TARIFF: "The tariff has changed: ₽{now} for a kWh instead of ₽{before}.",
    Cause.RAISING_FACTOR: "The raising factor has changed.",
    Cause.NEW_SERVICE: "A service that the bill before didn't have: {service}.",
    Cause.ENDED_SERVICE: "A service that is no more: {service}.",
    Cause.RECALCULATION: "A recalculation of {months}.",
    Cause.EARLIER_RECALCULATION: (
        "The bill before had a recalculation of {months}, this one doesn't."
    ),
    Cause.PENALTY: "The penalty for paying late has changed.",
    Cause.OTHER: "Other changes of the charges.",
}
_ENGLISH_BY_SIGNS = {
    Cause.RANGE: {
        (0, 1): (
            "Above the first range, where it is dearer: {now} kWh; by the shares of the month"
            " before nothing would be."
        ),
        (1, 0): (
            "All of it is in the first range; by the shares of the month before {before} kWh"
            " would be above."
        ),
        (1, 1): "Above the first range, where it is dearer: {now} kWh instead of {before}.",
    },
    Cause.RAISING_FACTOR: {
        (0, 1): "A raising factor: the volume is by the norm.",
        (1, 0): "The raising factor doesn't apply any more; the bill before had ₽{before}.",
        (1, 1): "A raising factor: ₽{now} instead of ₽{before}.",
    },
    Cause.PENALTY: {
        (0, 1): "A penalty for paying late: ₽{now}. The bill before had none.",
        (0, -1): "A penalty was written off: ₽{now}.",
        (1, 0): "There is no penalty for paying late any more. The bill before had ₽{before}.",
        (1, 1): "A penalty for paying late: ₽{now} instead of ₽{before}.",
        (1, -1): "A penalty was written off: ₽{now}. The bill before charged ₽{before}.",
        (-1, 0): "The bill before wrote off a penalty of ₽{before}, this one doesn't.",
        (-1, 1): "A penalty for paying late: ₽{now}. The bill before wrote off ₽{before}.",
        (-1, -1): "A penalty was written off: ₽{now}, and ₽{before} in the bill before.",
    },
}
_ESTIMATES = {
    Language.RU: {
        EstimateReason.NORM: (
            "Показаний к расчёту не было, объём по нормативу: {now} кВт·ч, а при прежнем расходе"
            " за день было бы {before}."
        ),
        EstimateReason.EXPIRED: (
            "Срок поверки счётчика истёк, поэтому объём расчётный: {now} кВт·ч, а при прежнем"
            " расходе за день было бы {before}."
        ),
    },
    Language.EN: {
        EstimateReason.NORM: (
            "No reading counted, so the volume is by the norm: {now} kWh; at the daily use of the"
            " month before it would be {before}."
        ),
        EstimateReason.EXPIRED: (
            "The meter's verification is over, so the volume is estimated: {now} kWh; at the daily"
            " use of the month before it would be {before}."
        ),
    },
}
_TEXTS = {Language.RU: _RUSSIAN, Language.EN: _ENGLISH}
_BY_SIGNS = {Language.RU: _RUSSIAN_BY_SIGNS, Language.EN: _ENGLISH_BY_SIGNS}
"""Texts of causes that begin, end or continue, by the signs of the values before and now. The texts
show values without sign. Only a penalty may be negative, when it is written off."""
_EARLIER = {Language.RU: "прошлые месяцы", Language.EN: "earlier months"}
_BY = {Language.RU: "Основание", Language.EN: "Document"}
_RUBLES = {Cause.PENALTY, Cause.TARIFF, Cause.RAISING_FACTOR}
_VOLUMES = {Cause.VOLUME, Cause.ESTIMATE, Cause.ESTIMATE_CORRECTED, Cause.RANGE}


def sentence(effect: Effect, language: Language) -> str:
    """Return a sentence about the effect's cause, without its sum."""
    if effect.corrected:
        return _recalculation_text(effect.cause, effect.corrected, language)
    before, now = _formatted_values(effect, language)
    return _text_of(effect, language).format(
        before=before,
        now=now,
        days=_days(effect.now, language) if effect.cause is Cause.DAYS else "",
        subject=zone_name(effect.subject or "", language),
        service=effect.service,
    )


def _text_of(effect: Effect, language: Language) -> str:
    signs = _sign(effect.before), _sign(effect.now)
    if effect.before != effect.now and (
        text := _BY_SIGNS[language].get(effect.cause, {}).get(signs)
    ):
        return text
    if effect.cause is Cause.ESTIMATE and effect.subject:
        return _ESTIMATES[language][EstimateReason(effect.subject)]
    return _TEXTS[language][effect.cause]


def _sign(value: Decimal | None) -> int:
    return (value > 0) - (value < 0) if value else 0


def _formatted_values(effect: Effect, language: Language) -> tuple[str, str]:
    """Format the earlier and the current value; a volume as precisely as the earlier one."""
    before, now = effect.before, effect.now
    if effect.cause in _VOLUMES and before is not None and now is not None:
        exponent = before.as_tuple().exponent
        now = round(now, -exponent if isinstance(exponent, int) and exponent < 0 else 0)
    if effect.cause in _BY_SIGNS[language]:
        before, now = before and abs(before), now and abs(now)
    places = 2 if effect.cause in _RUBLES else 0
    formatted = (
        "" if value is None else format_number(value, language, places=places)
        for value in (before, now)
    )
    return next(formatted), next(formatted)


def _days(count: Decimal | None, language: Language) -> str:
    number = int(count or 0)
    if language is Language.EN:
        return "day" if number == 1 else "days"
    return plural(number, "день", "дня", "дней")


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
