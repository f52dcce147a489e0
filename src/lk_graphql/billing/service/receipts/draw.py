"""A receipt as HTML, in drafts of growing density: the printer takes the first that fits a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from lk_graphql.billing.service.explanation.words import zone_name
from lk_graphql.billing.service.receipts import pictures, words
from lk_graphql.billing.service.receipts.content import Dial, PaymentLine, PenaltyDays, Receipt
from lk_graphql.kit.figures import month, number, rubles
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import round_half_up
from lk_graphql.ports.pdf import picture

T = TypeVar("T")
_PIXELS_PER_MM = 96 / 25.4
_CODE_SIDE = round(36 * _PIXELS_PER_MM, 1)
"""With the white around it; 30 mm of modules are what banks' readers want."""


@dataclass(frozen=True)
class Density:
    """Sizes in points, and how many payments and penalties are told one by one."""

    text: float
    small: float
    pad: float
    gap: float
    chart: int
    rows: int
    causes: int
    airy: bool = False


DENSITIES = (
    Density(8.8, 7.6, 2.8, 12, 96, 9, 4, airy=True),
    Density(8.4, 7.2, 2.0, 9, 72, 8, 4, airy=True),
    Density(7.8, 6.8, 1.2, 6, 56, 7, 3),
    Density(7.0, 6.2, 0.7, 4, 44, 6, 2),
    Density(6.4, 5.8, 0.3, 3, 36, 5, 1),
)


_ROWS = (13, 20, 27)
"""Above so many rows the airiest drafts, one for each number, surely take two pages."""


def drafts(receipt: Receipt) -> list[str]:
    """The airiest first, of those that have a chance: each try costs half a second."""
    told = (receipt.dials, receipt.lines, receipt.penalties, receipt.payments)
    rows = sum(map(len, told))
    hopeless = sum(rows > most for most in _ROWS)
    return [_template().render(_shown(receipt, density)) for density in DENSITIES[hopeless:]]


def _shown(receipt: Receipt, d: Density) -> dict[str, Any]:
    vat = receipt.sums.vat_percent
    lines = [
        {
            "service": line.service,
            "text": words.unusual(line),
            "zone": zone_name(line.zone or "—", Language.RU),
            "range": words.in_range(line),
            "kwh": "—" if line.kwh is None else number(line.kwh),
            "basis": words.basis(line),
            "price": "—" if (p := line.rubles_per_kwh) is None else number(p, places=2),
            "amount": line.amount,
        }
        for line in receipt.lines
    ]
    shown = {
        **vars(receipt),
        "lines": lines,
        "dials": [*_dials(receipt.dials)],
        "payments": [*_payments(receipt.payments, d.rows)],
        "penalties": [*_penalties(receipt.penalties, d.rows)],
        "causes": [*_causes(receipt.causes, d.causes)],
        "tariffs": [*words.tariffs(receipt)],
        "notes": [*words.notes(receipt)],
        "vat": None if vat is None else _vat(receipt, vat),
    }
    return {
        "r": shown,
        "d": d,
        "code": receipt.code and picture(pictures.code(receipt.code)),
        "code_side": _CODE_SIDE,
        "chart": _chart(receipt),
    }


def _vat(receipt: Receipt, percent: Decimal) -> dict[str, Any]:
    priced = Decimal(receipt.sums.charged + receipt.sums.recalculated)
    return {"percent": number(percent), "amount": round_half_up(priced * percent / (100 + percent))}


def _dials(dials: Sequence[Dial]) -> Iterator[dict[str, Any]]:
    """A meter's name stands beside its first register only."""
    above = None
    for dial in dials:
        yield {
            "first": dial.serial != above,
            "serial": dial.serial,
            "model": dial.model,
            "verified_until": dial.verified_until,
            "zone": zone_name(dial.zone, Language.RU),
            "previous": words.mark(dial.previous, dial.fraction_digits),
            "current": words.mark(dial.current, dial.fraction_digits),
            "ratio": number(dial.ratio),
            "kwh": number(dial.kwh),
        }
        above = dial.serial


def _payments(payments: Sequence[PaymentLine], most: int) -> Iterator[dict[str, Any]]:
    told, rest = _parted(payments, most)
    for one in told:
        yield vars(one)
    if rest:
        amount = sum(one.amount for one in rest)
        yield {"paid_on": None, "agent": f"и ещё {len(rest)}", "amount": amount}


def _penalties(penalties: Sequence[PenaltyDays], most: int) -> Iterator[dict[str, Any]]:
    told, rest = _parted(penalties, most)
    for one in told:
        yield {
            "month": f"{one.for_period:%m.%Y}",
            "debt": rubles(one.debt),
            "days": words.days(one),
            "rate": words.rate(one),
            "amount": one.amount,
        }
    if rest:
        amount = sum(one.amount for one in rest)
        yield {
            "month": f"и ещё {len(rest)}",
            "debt": "",
            "days": "",
            "rate": "в кабинете",
            "amount": amount,
        }


def _causes(causes: Sequence[tuple[str, int]], most: int) -> Iterator[tuple[str, int]]:
    """As many as there is room for, and one more that makes up the difference."""
    told, rest = _parted(causes, most + 1)
    yield from told
    if rest:
        yield "Другие причины.", sum(amount for _, amount in rest)


def _parted(rows: Sequence[T], most: int) -> tuple[Sequence[T], Sequence[T]]:
    """What is told one by one, and the rest, which is never a single row."""
    return (rows, ()) if len(rows) <= most else (rows[: most - 1], rows[most - 1 :])


def _chart(receipt: Receipt) -> dict[str, Any]:
    months = [
        {"name": words.SHORT_MONTHS[period.month - 1], "kwh": number(round(kwh))}
        for period, kwh in receipt.history
    ]
    return {
        "months": months,
        "width": round(100 / max(1, len(months)), 2),
        "picture": picture(pictures.bars([kwh for _, kwh in receipt.history])),
        "pixels": 330 if receipt.penalties else 358,
    }


@cache
def _template() -> Any:
    found = Environment(
        loader=PackageLoader("lk_graphql.billing"), autoescape=True, undefined=StrictUndefined
    )
    found.filters |= {
        "month": month,
        "day": _day,
        "rubles": rubles,
        "signed": _signed,
        "home": words.home,
    }
    return found.get_template("receipt.html.j2")


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


def _signed(kopecks: int) -> str:
    return ("+" if kopecks > 0 else "") + rubles(kopecks)
