"""A receipt's words: what codes and numbers of the content are called on paper, in Russian."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import LineKind, VolumeBasis
from lk_graphql.billing.service import recalculations
from lk_graphql.billing.service.explanation.words import zone_name
from lk_graphql.billing.service.receipts.content import (
    ChargeLine,
    Mark,
    Payer,
    PenaltyDays,
    Receipt,
)
from lk_graphql.kit.figures import number
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import ReadingSource

RANGES = ("I", "II", "III")
SHORT_MONTHS = (
    "янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
)  # fmt: skip
_SOURCES = {
    ReadingSource.CUSTOMER: "ваше",
    ReadingSource.CONTROLLER: "контролёра",
    ReadingSource.ESTIMATED: "расчётное",
    ReadingSource.NETWORK_COMPANY: "сетевой компании",
    ReadingSource.SMART: "автоматическое",
    ReadingSource.BILLING_IMPORT: "из учёта",
    ReadingSource.PARTNER: "через партнёра",
}
_BASES = {
    VolumeBasis.METER: "по показаниям",
    VolumeBasis.AVERAGE: "по среднему",
    VolumeBasis.NORM: "по нормативу",
}
_CATEGORIES = {
    TariffCategory.URBAN_GAS: "город, газовые плиты",
    TariffCategory.URBAN_ELECTRIC: "город, электроплиты",
    TariffCategory.RURAL: "село",
}


def home(payer: Payer) -> str:
    """What decides the tariff: `Город, газовые плиты · 54 м² · проживают 3`."""
    parts = [_CATEGORIES[payer.tariff_category].capitalize()]
    if payer.area_m2 is not None:
        parts.append(f"{number(payer.area_m2)} м²")
    if payer.residents is not None:
        parts.append(f"проживают {payer.residents}")
    return " · ".join(parts)


def mark(found: Mark | None, places: int) -> dict[str, str]:
    """The value, and when and by whom it was read."""
    if found is None:
        return {"value": "—", "about": ""}
    about = f"{found.taken_on:%d.%m.%y}, {_SOURCES[found.source]}"
    return {"value": number(found.value, places=places), "about": about}


def in_range(line: ChargeLine) -> str:
    return f"{RANGES[line.range_number - 1]} диапазон" if line.range_number else "—"


def basis(line: ChargeLine) -> str:
    return _BASES[line.basis] if line.basis else "—"


def unusual(line: ChargeLine) -> str:
    """What stands in the place of zone, range, volume and price; empty for energy."""
    match line.kind:
        case LineKind.RAISING_FACTOR:
            return f"Повышающий коэффициент {number(line.factor or Decimal(1))} к нормативу"
        case LineKind.RECALCULATION:
            return _recalculation(line)
        case LineKind.ENERGY:
            return ""


def _recalculation(line: ChargeLine) -> str:
    months = recalculations.months(line, Language.RU)
    period = f" за {months}" if months else ""
    volume = f", {number(line.kwh)} кВт·ч" if line.kwh else ""
    why = recalculations.why(line, Language.RU) or "по данным учёта"
    document = f". {line.document}" if line.document else ""
    return f"Перерасчёт{period}{volume}: {why}{document}"


def days(one: PenaltyDays) -> str:
    """`01.10–31.10 (31)`."""
    count = (one.last_day - one.first_day).days + 1
    return f"{one.first_day:%d.%m}–{one.last_day:%d.%m} ({count})"


def rate(one: PenaltyDays) -> str:
    return f"1/{one.divisor} от {number(one.rate_percent)} %"


def tariffs(receipt: Receipt) -> Iterator[str]:
    """A line for each zone, with what its ranges cost, and the orders that said so."""
    for zone, some in groupby(receipt.prices, key=lambda price: price.zone):
        name = zone_name(zone, Language.RU).capitalize()
        prices = " · ".join(
            f"{RANGES[price.range_number - 1]} — {number(price.rubles_per_kwh, places=2)} ₽"
            for price in some
        )
        yield f"{name}: {prices} за кВт·ч"
    if ends := receipt.range_ends:
        limits = [f"I — до {number(ends[0])}"]
        limits += [
            f"{RANGES[place]} — до {number(end)}" for place, end in enumerate(ends[1:], start=1)
        ]
        yield f"Диапазоны, кВт·ч в месяц: {', '.join(limits)}, {RANGES[len(ends)]} — выше"


def notes(receipt: Receipt) -> Iterator[str]:
    """By whom the prices were set, when readings are taken, how a penalty is counted."""
    orders = dict.fromkeys(price.order_reference for price in receipt.prices)
    if orders:
        yield f"Цены с НДС: {'; '.join(orders)}."
    if receipt.payer.has_range_privilege:
        yield "По льготе весь объём — в первом диапазоне."
    if receipt.window_days:
        first, last = receipt.window_days
        where = "в личном кабинете или по телефону"
        yield f"Показания принимаем с {first} по {last} число месяца: {where}."
    yield (
        "Пени (ЖК РФ, ст. 155 ч. 14): с 31-го дня просрочки 1/300 ключевой ставки за день,"
        " с 91-го — 1/130, не выше установленного предела."
    )
