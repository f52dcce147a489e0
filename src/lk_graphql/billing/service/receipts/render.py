"""Rendering of a receipt as HTML, in drafts of increasing density."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import dropwhile, groupby
from math import ceil
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import LineKind, VolumeBasis
from lk_graphql.billing.service.charges import included_vat
from lk_graphql.billing.service.explanation import texts
from lk_graphql.billing.service.receipts.content import (
    ChargeLine,
    PenaltyDays,
    PenaltyStep,
    ReceiptContent,
    ReceiptMeter,
    ReceiptPayer,
    ReceiptPayment,
    ReceiptReading,
)
from lk_graphql.kit.formatting import format_month, format_number, format_rubles, plural
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import ReadingSource
from lk_graphql.metering.service.consumption import zone_name
from lk_graphql.ports.pdf import bar_chart, qr_picture

T = TypeVar("T")
RANGES = ("I", "II", "III")
_SOURCES = {
    ReadingSource.CUSTOMER: "ваше",
    ReadingSource.CONTROLLER: "контролёра",
    ReadingSource.ESTIMATED: "расчётное",
    ReadingSource.NETWORK_COMPANY: "сетевой компании",
    ReadingSource.SMART: "автоматическое",
    ReadingSource.BILLING_IMPORT: "из учёта",
    ReadingSource.PARTNER: "через партнёра",
    ReadingSource.PHONE: "по телефону",
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
_PIXELS_PER_MM = 96 / 25.4
_CODE_SIDE = round(36 * _PIXELS_PER_MM, 1)
"""Includes the quiet zone; banks' readers need 30 mm of modules."""


def home_text(payer: ReceiptPayer) -> str:
    """Return the tariff's criteria: `Город, газовые плиты · 54 м² · проживают 3 человека`."""
    parts = [_CATEGORIES[payer.tariff_category].capitalize()]
    if payer.area_m2 is not None:
        parts.append(f"{format_number(payer.area_m2)} м²")
    if payer.residents is not None:
        parts.append(_residents(payer.residents))
    return " · ".join(parts)


def _residents(count: int) -> str:
    if count == 0:
        return "никто не проживает"
    verb = plural(count, "проживает", "проживают", "проживают")
    return f"{verb} {count} {plural(count, 'человек', 'человека', 'человек')}"


def reading_text(reading: ReceiptReading | None, places: int) -> dict[str, str]:
    """Return the value, and the day and source of the reading if they are known."""
    if reading is None:
        return {"value": "—", "about": ""}
    day = reading.taken_on and _day(reading.taken_on)
    about = ", ".join(filter(None, (day, reading.source and _SOURCES[reading.source])))
    return {"value": format_number(reading.value, places=places), "about": about}


def range_name(number: int) -> str:
    """Return `II` for 2; numbers beyond the law's ranges stay as they are."""
    return RANGES[number - 1] if 1 <= number <= len(RANGES) else str(number)


def _service(line: ChargeLine) -> str:
    """Return service, zone and range: `Электроснабжение, день, I диапазон`."""
    if text := irregularity_text(line):
        return f"{line.service}. {text}"
    zone = zone_name(line.zone, Language.RU) if line.zone else ""
    number = f"{range_name(line.range_number)} диапазон" if line.range_number else ""
    return ", ".join(filter(None, (line.service, zone, number)))


def _price_text(line: ChargeLine) -> str:
    price = line.rubles_per_kwh
    return "—" if price is None else format_number(price, places=2)


def basis(line: ChargeLine) -> str:
    return _BASES[line.basis] if line.basis else "—"


def is_without_readings(lines: Iterable[ChargeLine]) -> bool:
    """Whether the bill's own lines say that its volume isn't from readings.

    That billing has sent no readings says nothing: it may send none at all.
    """
    bases = {line.basis for line in lines if line.basis}
    return bool(bases) and VolumeBasis.METER not in bases


def irregularity_text(line: ChargeLine) -> str:
    """Return the text in place of zone, range, volume and price; empty for energy."""
    match line.kind:
        case LineKind.RAISING_FACTOR:
            return f"Повышающий коэффициент {format_number(line.factor or Decimal(1))} к нормативу"
        case LineKind.RECALCULATION:
            return _recalculation(line)
        case LineKind.ENERGY:
            return ""


def _recalculation(line: ChargeLine) -> str:
    months = texts.corrected_months(line, Language.RU)
    period = f" за {months}" if months else ""
    volume = f", {format_number(line.kwh)} кВт·ч" if line.kwh else ""
    reason = texts.recalculation_reason(line, Language.RU) or "по данным учёта"
    document = f". {line.document}" if line.document else ""
    return f"Перерасчёт{period}{volume}: {reason}{document}"


def days(penalty: PenaltyDays) -> str:
    """Return number, first day and rate of the days: `31 день с 01.10.2026, 1/300 от 9,5 %`."""
    count = (penalty.last_day - penalty.first_day).days + 1
    first, rate = _day(penalty.first_day), format_number(penalty.rate_percent)
    number = f"{count} {plural(count, 'день', 'дня', 'дней')}"
    return f"{number} с {first}, 1/{penalty.divisor} от {rate} %"


def tariffs(receipt: ReceiptContent) -> Iterator[str]:
    """Return a line for each zone with its prices, and a line with the ranges."""
    for zone, zone_prices in groupby(receipt.prices, key=lambda price: price.zone):
        name = zone_name(zone, Language.RU).capitalize()
        prices = " · ".join(
            f"{range_name(price.range_number)} — {format_number(price.rubles_per_kwh, places=2)} ₽"
            for price in zone_prices
        )
        yield f"{name}: {prices} за кВт·ч"
    if ends := receipt.range_ends:
        limits = [
            f"{range_name(number)} — до {format_number(end)}"
            for number, end in enumerate(ends, start=1)
        ]
        last = range_name(len(ends) + 1)
        yield f"Диапазоны, кВт·ч в месяц: {', '.join(limits)}, {last} — выше"


def notes(receipt: ReceiptContent) -> Iterator[str]:
    """Return notes about tariff orders, the window for readings, and the penalty."""
    orders = dict.fromkeys(price.order_reference for price in receipt.prices)
    if orders:
        yield f"Цены с НДС: {'; '.join(orders)}."
    if receipt.payer.has_range_privilege:
        yield "По льготе весь объём — в первом диапазоне."
    if receipt.window_days:
        first, last = receipt.window_days
        where = "в личном кабинете или по телефону"
        yield f"Показания принимаем с {first} по {last} число месяца: {where}."
    if receipt.penalty_steps:
        laws = dict.fromkeys(step.reference for step in receipt.penalty_steps)
        terms = ", ".join(_penalty_terms(receipt.penalty_steps, receipt.penalty_rate_cap))
        yield f"Пени: {terms or 'не начисляются'}. Основание: {'; '.join(laws)}."


def _penalty_terms(steps: Iterable[PenaltyStep], cap: Decimal | None) -> Iterator[str]:
    """Return the shares from the first day on that has one, and the cap on the rate."""
    shares = [*dropwhile(lambda step: step.divisor is None, steps)]
    for step in shares[:1]:
        yield f"с {step.days_late}-го дня просрочки 1/{step.divisor} ключевой ставки за день"
    for step in shares[1:]:
        share = f"1/{step.divisor}" if step.divisor else "не начисляются"
        yield f"с {step.days_late}-го — {share}"
    if shares and cap is not None:
        yield f"ставка не выше {format_number(cap)} %"


@dataclass(frozen=True)
class Density:
    """Sizes in points, and the limits of rows and causes before they are summed up.

    `rows` limits payments and penalties, `lines` charges and registers. With `paged` the draft may
    take several pages.
    """

    text: float
    small: float
    pad: float
    gap: float
    chart: int
    rows: int
    causes: int
    airy: bool = False
    lines: int = 40
    paged: bool = False


DENSITIES = (
    Density(9.2, 8.0, 3.2, 14, 110, 9, 4, airy=True),
    Density(8.8, 7.6, 2.6, 10, 90, 9, 4, airy=True),
    Density(8.4, 7.2, 1.8, 8, 72, 8, 4),
    Density(7.8, 6.8, 1.2, 6, 56, 7, 3),
    Density(7.0, 6.2, 0.7, 4, 44, 6, 2),
    Density(6.4, 5.8, 0.3, 3, 36, 5, 1),
    Density(7.8, 6.8, 1.2, 6, 56, 150, 50, lines=150, paged=True),
)
"""The last density is for the longest bills that an import accepts: it may take several pages.

Rendering a page takes up to a second, so even with this density rows beyond the limits are summed
up.
"""
PAGE = 770.0
"""Height of A4 between the margins of `receipt.html.j2` in points, less the error of estimates."""
_WIDTH = 527.0
_CODE = 36 / 25.4 * 72
_LEADING = 1.22
_LETTER = 0.55
"""Average width of a letter by its size, a little more than most texts have."""


def estimate(r: dict[str, Any], d: Density) -> float:
    """Estimate the height of the page of `receipt.html.j2` with these rows, in points."""
    line, small, row = d.text * _LEADING, d.small * _LEADING, 2 * d.pad + 0.5
    heading, head = line + _LEADING + d.gap + 1.5, small + row
    chart = heading + d.chart + 2 * small
    owner = [r["payer"].holder or "", r["payer"].address]
    meters = [f"№ {one['serial']} {one['about']}" if one["first"] else "" for one in r["meters"]]
    charges = [one["text"] or one["service"] for one in r["lines"]]
    notes = heading + small * _lines([*r["tariffs"], *r["notes"]], 0.52 if r["penalties"] else 1, d)
    agents = [one["agent"] for one in r["payments"]]
    payments = heading + row * len(agents) + line * _lines(agents, 0.28, d)
    penalties = heading + head + (line + row) * len(r["penalties"])
    box = 5 * small + 1.5 * line + 9 + line * _lines(owner, 0.44, d)
    return sum(
        (
            2 * line + 2 * small + 6 + row,
            d.gap + 16 + max(box, _CODE + small + 2),
            heading + row * len(r["causes"]) + line * _lines([t for t, _ in r["causes"]], 0.84, d),
            heading + head + row * len(meters) + line * _lines(meters, 0.36, d),
            (small * len(meters) if d.airy else 0),
            heading + head + (row + line) + row * len(charges) + line * _lines(charges, 0.8, d),
            heading + 2 * line + 2 + row + 4,
            max(payments, penalties if r["penalties"] else chart),
            max(notes, chart if r["penalties"] else 0),
            d.gap + 2 * small + row,
        )
    )


def _lines(texts: Iterable[str], share: float, d: Density) -> int:
    """Return the number of lines that the texts take in a column of this share of the width."""
    width = _WIDTH * share - 6
    return sum(max(1, ceil(len(text) * d.text * _LETTER / width)) for text in texts)


def drafts(receipt: ReceiptContent) -> list[str]:
    """Return the drafts, beginning with the loosest that should fit a page: rendering is slow."""
    contents = [(_content(receipt, density), density) for density in DENSITIES]
    fitting = (
        place
        for place, (content, density) in enumerate(contents)
        if density.paged or estimate(content, density) < PAGE
    )
    code = receipt.code and qr_picture(receipt.code)
    return [
        _keep_together(_template().render(r=content, d=density, code=code, code_side=_CODE_SIDE))
        for content, density in contents[next(fitting) :]
    ]


def _keep_together(text: str) -> str:
    """Put no-break spaces after «№» and before «₽»."""
    return text.replace("№ ", "№\N{NO-BREAK SPACE}").replace(" ₽", "\N{NO-BREAK SPACE}₽")


def _content(receipt: ReceiptContent, density: Density) -> dict[str, Any]:
    vat = receipt.sums.vat_percent
    return {
        **vars(receipt),
        "lines": [*_charges(receipt.lines, density.lines)],
        "meters": [*_meter_rows(receipt.meters, density.lines)],
        "is_without_readings": is_without_readings(receipt.lines),
        "payments": [*_payments(receipt.payments, density.rows)],
        "penalties": [*_penalties(receipt.penalties, density.rows)],
        "causes": [*_causes(receipt.causes, density.causes)],
        "tariffs": [*tariffs(receipt)],
        "notes": [*notes(receipt)],
        "vat": None if vat is None else _vat(receipt, vat),
        "chart": bar_chart(receipt.history, density.chart, width=246 if receipt.penalties else 268),
    }


def _charges(lines: Sequence[ChargeLine], limit: int) -> Iterator[dict[str, Any]]:
    listed, rest = _split_rest(lines, limit)
    for line in listed:
        yield {
            "service": _service(line),
            "text": irregularity_text(line),
            "kwh": "—" if line.kwh is None else format_number(line.kwh),
            "basis": basis(line),
            "price": _price_text(line),
            "amount": line.amount,
        }
    if rest:
        amount = sum(line.amount for line in rest)
        yield {"service": f"и ещё {len(rest)}, в кабинете", "text": "…", "amount": amount}


def _vat(receipt: ReceiptContent, percent: Decimal) -> dict[str, Any]:
    """Return the sum of the VAT of all rates, each rounded separately."""
    amounts = {percent: receipt.sums.charged + receipt.sums.recalculated}
    for line in receipt.lines:
        if line.vat_percent is not None:
            amounts[percent] -= line.amount
            amounts[line.vat_percent] = amounts.get(line.vat_percent, 0) + line.amount
    return {
        "percent": " % и ".join(map(format_number, amounts)),
        "amount": sum(included_vat(amount, rate) for rate, amount in amounts.items()),
    }


def _meter_rows(meters: Sequence[ReceiptMeter], limit: int) -> Iterator[dict[str, Any]]:
    """Return the rows of registers; only the first register of a meter has its name."""
    listed, rest = _split_rest(meters, limit)
    serial = None
    for meter in listed:
        yield {
            "first": meter.serial != serial,
            "serial": meter.serial,
            "about": _about_meter(meter),
            "zone": zone_name(meter.zone, Language.RU),
            "previous": reading_text(meter.previous, meter.fraction_digits),
            "current": reading_text(meter.current, meter.fraction_digits),
            "kwh": format_number(meter.kwh),
        }
        serial = meter.serial
    if rest:
        nothing = reading_text(None, 0)
        kwh = format_number(sum((meter.kwh for meter in rest), Decimal()))
        yield {"first": False, "zone": f"и ещё {len(rest)}", "kwh": kwh} | {
            "previous": nothing,
            "current": nothing,
        }


def _about_meter(meter: ReceiptMeter) -> str:
    """Return model, factor and verification: `Меркурий 206, коэфф. 20, поверка до 12.04.2031`."""
    factor = "" if meter.ratio == 1 else f"коэфф. {format_number(meter.ratio)}"
    until = meter.verified_until
    verified = f"поверка до {_day(until)}" if until else ""
    return ", ".join(filter(None, (meter.model, factor, verified)))


def _payments(payments: Sequence[ReceiptPayment], limit: int) -> Iterator[dict[str, Any]]:
    listed, rest = _split_rest(payments, limit)
    for payment in listed:
        yield vars(payment)
    if rest:
        amount = sum(row.amount for row in rest)
        yield {"paid_on": None, "agent": f"и ещё {len(rest)}", "amount": amount}


def _penalties(penalties: Sequence[PenaltyDays], limit: int) -> Iterator[dict[str, Any]]:
    listed, rest = _split_rest(penalties, limit)
    for penalty in listed:
        yield {
            "month": format_month(penalty.for_period),
            "debt": format_rubles(penalty.debt),
            "days": days(penalty),
            "amount": penalty.amount,
        }
    if rest:
        amount = sum(row.amount for row in rest)
        yield {"month": f"и ещё {len(rest)}", "debt": "", "days": "в кабинете", "amount": amount}


def _causes(causes: Sequence[tuple[str, int]], limit: int) -> Iterator[tuple[str, int]]:
    """Return the largest causes, and the sum of the rest as one more."""
    listed, rest = _split_rest(causes, limit + 1)
    yield from listed
    if rest:
        yield "Другие причины.", sum(amount for _, amount in rest)


def _split_rest(rows: Sequence[T], limit: int) -> tuple[Sequence[T], Sequence[T]]:
    """Split the rows that are listed from the rest, which is never a single row."""
    return (rows, ()) if len(rows) <= limit else (rows[: limit - 1], rows[limit - 1 :])


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("lk_graphql.billing"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters |= {
        "month": format_month,
        "day": _day,
        "rubles": format_rubles,
        "signed": _signed,
        "home": home_text,
    }
    return environment.get_template("receipt.html.j2")


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _signed(kopecks: int) -> str:
    return ("+" if kopecks > 0 else "") + format_rubles(kopecks)
