"""Rendering of a receipt as HTML, in drafts of increasing density."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import Any, TypeVar

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.models import LineKind, VolumeBasis
from lk_graphql.billing.service.charges import included_vat
from lk_graphql.billing.service.explanation import texts
from lk_graphql.billing.service.explanation.texts import zone_name
from lk_graphql.billing.service.receipts.content import (
    ChargeLine,
    PenaltyDays,
    ReceiptContent,
    ReceiptMeter,
    ReceiptPayer,
    ReceiptPayment,
    ReceiptReading,
)
from lk_graphql.kit.formatting import format_month, format_number, format_rubles, plural
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import ReadingSource
from lk_graphql.ports.pdf import svg_data_uri

T = TypeVar("T")
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
_ACCENT, _QUIET = "#0d5668", "#b9d0d5"
_BAR, _STEP, _HEIGHT = 68, 100, 300


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
    """Return the value, and the day and source of the reading."""
    if reading is None:
        return {"value": "—", "about": ""}
    about = f"{reading.taken_on:%d.%m.%y}, {_SOURCES[reading.source]}"
    return {"value": format_number(reading.value, places=places), "about": about}


def range_name(number: int) -> str:
    """Return `II` for 2; numbers beyond the law's ranges stay as they are."""
    return RANGES[number - 1] if 1 <= number <= len(RANGES) else str(number)


def range_text(line: ChargeLine) -> str:
    return f"{range_name(line.range_number)} диапазон" if line.range_number else "—"


def _price_text(line: ChargeLine) -> str:
    price = line.rubles_per_kwh
    return "—" if price is None else format_number(price, places=2)


def basis(line: ChargeLine) -> str:
    return _BASES[line.basis] if line.basis else "—"


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
    """Return a period with its number of days: `01.10–31.10 (31)`."""
    count = (penalty.last_day - penalty.first_day).days + 1
    return f"{penalty.first_day:%d.%m}–{penalty.last_day:%d.%m} ({count})"


def rate(penalty: PenaltyDays) -> str:
    return f"1/{penalty.divisor} от {format_number(penalty.rate_percent)} %"


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
    yield (
        "Пени (ЖК РФ, ст. 155 ч. 14): с 31-го дня просрочки 1/300 ключевой ставки за день,"
        " с 91-го — 1/130, не выше установленного предела."
    )


def code_svg(payload: str) -> bytes:
    """Return a QR code: correction M (ГОСТ Р 56042), a quiet zone of 4 modules (ISO 18004)."""
    svg = BytesIO()
    code = segno.make_qr(payload, error="m", boost_error=False, encoding="utf-8")
    code.save(svg, kind="svg", border=4, dark="#000000", light="#ffffff", xmldecl=False)
    return svg.getvalue()


def bars_svg(volumes: Sequence[Decimal]) -> bytes:
    """Draw a bar for each month, the last in the accent colour; the highest has full height."""
    highest = max([*volumes, Decimal(1)])
    heights = [max(3, round(_HEIGHT * max(volume, Decimal()) / highest)) for volume in volumes]
    bars = "".join(
        f'<rect x="{index * _STEP + (_STEP - _BAR) // 2}" y="{_HEIGHT - height}" width="{_BAR}"'
        f' height="{height}" fill="{_ACCENT if index == len(heights) - 1 else _QUIET}"/>'
        for index, height in enumerate(heights)
    )
    width = _STEP * max(1, len(heights))
    frame = f'width="{width}" height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {frame}>{bars}</svg>'.encode()


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
    Density(8.8, 7.6, 2.8, 12, 96, 9, 4, airy=True),
    Density(8.4, 7.2, 2.0, 9, 72, 8, 4, airy=True),
    Density(7.8, 6.8, 1.2, 6, 56, 7, 3),
    Density(7.0, 6.2, 0.7, 4, 44, 6, 2),
    Density(6.4, 5.8, 0.3, 3, 36, 5, 1),
    Density(7.8, 6.8, 1.2, 6, 56, 150, 50, lines=150, paged=True),
)
"""The last is for whatever an import accepts: it takes as many pages as it needs.

Rendering a page takes up to a second, so even there rows beyond the limits are added up.
"""


_ROWS = (13, 20, 27)
"""Above each of these numbers of rows, one more of the first drafts can't fit a page."""
_MOST_ROWS = 60
"""Above this number of registers and charges only the last can: a row has 8 points."""


def drafts(receipt: ReceiptContent) -> list[str]:
    """Return the drafts that may fit a page, the loosest first: rendering one is slow."""
    tables = (receipt.meters, receipt.lines, receipt.penalties, receipt.payments)
    rows = sum(map(len, tables))
    skipped = sum(rows > limit for limit in _ROWS)
    wide_rows = (min(len(table), Density.lines) for table in (receipt.meters, receipt.lines))
    if sum(wide_rows) > _MOST_ROWS:
        skipped = len(DENSITIES) - 1
    return [_template().render(_context(receipt, density)) for density in DENSITIES[skipped:]]


def _context(receipt: ReceiptContent, density: Density) -> dict[str, Any]:
    vat = receipt.sums.vat_percent
    content = {
        **vars(receipt),
        "lines": [*_charges(receipt.lines, density.lines)],
        "meters": [*_meter_rows(receipt.meters, density.lines)],
        "payments": [*_payments(receipt.payments, density.rows)],
        "penalties": [*_penalties(receipt.penalties, density.rows)],
        "causes": [*_causes(receipt.causes, density.causes)],
        "tariffs": [*tariffs(receipt)],
        "notes": [*notes(receipt)],
        "vat": None if vat is None else _vat(receipt, vat),
    }
    return {
        "r": content,
        "d": density,
        "code": receipt.code and svg_data_uri(code_svg(receipt.code)),
        "code_side": _CODE_SIDE,
        "chart": _chart(receipt),
    }


def _charges(lines: Sequence[ChargeLine], limit: int) -> Iterator[dict[str, Any]]:
    listed, rest = _split_rest(lines, limit)
    for line in listed:
        yield {
            "service": line.service,
            "text": irregularity_text(line),
            "zone": zone_name(line.zone or "—", Language.RU),
            "range": range_text(line),
            "kwh": "—" if line.kwh is None else format_number(line.kwh),
            "basis": basis(line),
            "price": _price_text(line),
            "amount": line.amount,
        }
    if rest:
        amount = sum(line.amount for line in rest)
        yield {"service": f"и ещё {len(rest)}", "text": "в кабинете", "amount": amount}


def _vat(receipt: ReceiptContent, percent: Decimal) -> dict[str, Any]:
    """Return the VAT of each rate, rounded for itself, as one sum."""
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
            "model": meter.model,
            "verified_until": meter.verified_until,
            "zone": zone_name(meter.zone, Language.RU),
            "previous": reading_text(meter.previous, meter.fraction_digits),
            "current": reading_text(meter.current, meter.fraction_digits),
            "ratio": format_number(meter.ratio),
            "kwh": format_number(meter.kwh),
        }
        serial = meter.serial
    if rest:
        nothing = reading_text(None, 0)
        kwh = format_number(sum((meter.kwh for meter in rest), Decimal()))
        yield {"first": False, "zone": f"и ещё {len(rest)}", "ratio": "", "kwh": kwh} | {
            "previous": nothing,
            "current": nothing,
        }


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
            "month": f"{penalty.for_period:%m.%Y}",
            "debt": format_rubles(penalty.debt),
            "days": days(penalty),
            "rate": rate(penalty),
            "amount": penalty.amount,
        }
    if rest:
        amount = sum(row.amount for row in rest)
        yield {
            "month": f"и ещё {len(rest)}",
            "debt": "",
            "days": "",
            "rate": "в кабинете",
            "amount": amount,
        }


def _causes(causes: Sequence[tuple[str, int]], limit: int) -> Iterator[tuple[str, int]]:
    """Return the largest causes, and the sum of the rest as one more."""
    listed, rest = _split_rest(causes, limit + 1)
    yield from listed
    if rest:
        yield "Другие причины.", sum(amount for _, amount in rest)


def _split_rest(rows: Sequence[T], limit: int) -> tuple[Sequence[T], Sequence[T]]:
    """Split the rows that are listed from the rest, which is never a single row."""
    return (rows, ()) if len(rows) <= limit else (rows[: limit - 1], rows[limit - 1 :])


def _chart(receipt: ReceiptContent) -> dict[str, Any]:
    months = [
        {"name": SHORT_MONTHS[period.month - 1], "kwh": format_number(round(kwh))}
        for period, kwh in receipt.history
    ]
    return {
        "months": months,
        "width": round(100 / max(1, len(months)), 2),
        "picture": svg_data_uri(bars_svg([kwh for _, kwh in receipt.history])),
        "pixels": 330 if receipt.penalties else 358,
    }


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
