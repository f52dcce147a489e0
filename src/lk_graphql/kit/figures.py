"""Numbers, money and months as people of each language write them.

A space inside a number doesn't break.
"""

from datetime import date
from decimal import Decimal

from lk_graphql.kit.languages import Language

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


def number(value: Decimal | int, language: Language = Language.RU, *, places: int = 0) -> str:
    """At least `places` decimals, and no zeros after those: `1 234,5`, `1,234.5`."""
    exact = Decimal(value)
    exponent = exact.normalize().as_tuple().exponent
    shown = max(places, -exponent if isinstance(exponent, int) else 0)
    text = f"{abs(exact):,.{shown}f}"
    if language is Language.RU:
        text = text.replace(",", _NO_BREAK).replace(".", ",")
    return (_MINUS if exact < 0 else "") + text


def rubles(kopecks: int, language: Language = Language.RU) -> str:
    """Two decimals, without the sign of the currency."""
    return number(Decimal(kopecks).scaleb(-2), language, places=2)


def money(kopecks: int, language: Language) -> str:
    """With the sign of the currency: `1 234,56 ₽`, `₽1,234.56`."""
    amount, sign = rubles(abs(kopecks), language), _MINUS if kopecks < 0 else ""
    return f"{sign}{amount}{_NO_BREAK}₽" if language is Language.RU else f"{sign}₽{amount}"


def month(period: date, language: Language = Language.RU, *, space: str = _NO_BREAK) -> str:
    """`октябрь 2026`, `October 2026`; a subject line or an SMS takes a `space` that breaks."""
    names = _RUSSIAN if language is Language.RU else _ENGLISH
    return f"{names[period.month - 1]}{space}{period.year}"
