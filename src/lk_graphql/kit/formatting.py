"""Numbers, money, months, days and time spans as text in Russian and English.

Numbers are grouped by no-break spaces.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from math import ceil

from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import MoneyDetail

_NO_BREAK = "\N{NO-BREAK SPACE}"
_MINUS = "\N{MINUS SIGN}"
_RUSSIAN = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_ENGLISH = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def format_number(
    value: Decimal | int, language: Language = Language.RU, *, places: int = 0
) -> str:
    """A number with at least `places` decimals: `1 234,5`, `1,234.5`."""
    exact = Decimal(value)
    exponent = exact.normalize().as_tuple().exponent
    decimals = max(places, -exponent if isinstance(exponent, int) else 0)
    text = f"{abs(exact):,.{decimals}f}"
    if language is Language.RU:
        text = text.replace(",", _NO_BREAK).replace(".", ",")
    return (_MINUS if exact < 0 else "") + text


def format_rubles(kopecks: int, language: Language = Language.RU) -> str:
    """An amount with two decimals, without the currency."""
    return format_number(Decimal(kopecks).scaleb(-2), language, places=2)


def format_money(kopecks: int, language: Language) -> str:
    """An amount with the currency: `1 234,56 ₽`, `₽1,234.56`."""
    amount, sign = format_rubles(abs(kopecks), language), _MINUS if kopecks < 0 else ""
    return f"{sign}{amount}{_NO_BREAK}₽" if language is Language.RU else f"{sign}₽{amount}"


def format_month(period: date, language: Language = Language.RU, *, space: str = _NO_BREAK) -> str:
    """A month: `октябрь 2026`, `October 2026`. Subject lines and SMS use a plain `space`."""
    names = _RUSSIAN if language is Language.RU else _ENGLISH
    return f"{names[period.month - 1]}{space}{period.year}"


def format_value(value: object, language: Language) -> object:
    """Format a detail of a message; texts are returned unchanged."""
    match value:
        case timedelta():
            return format_duration(value, language)
        case MoneyDetail():
            return format_money(value.kopecks, language)
        case datetime():
            return value  # its date depends on a time zone, so callers pass a date
        case date():
            return f"{value:%d.%m.%Y}" if language is Language.RU else f"{value:%Y-%m-%d}"
        case Decimal() | int() if not isinstance(value, bool):
            return format_number(value, language)
        case _:
            return value


def format_duration(length: timedelta, language: Language) -> str:
    """A duration, rounded up to whole seconds, minutes or hours."""
    seconds = max(1, ceil(length.total_seconds()))
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return _counted(ceil(seconds / size), unit, language)
    return _counted(seconds, "second", language)


_UNITS = {
    "hour": ("час", "часа", "часов"),
    "minute": ("минуту", "минуты", "минут"),
    "second": ("секунду", "секунды", "секунд"),
}


def _counted(count: int, unit: str, language: Language) -> str:
    if language is Language.EN:
        return f"{count} {unit}" + ("" if count == 1 else "s")
    return f"{count} {plural(count, *_UNITS[unit])}"


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian plural form for a number: 1 час, 2 часа, 5 часов, 11 часов."""
    if 11 <= count % 100 <= 14:
        return many
    match count % 10:
        case 1:
            return one
        case 2 | 3 | 4:
            return few
        case _:
            return many
