"""The two languages that the cabinet speaks, and how each says days and spans of time."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from math import ceil


class Language(StrEnum):
    """What is stored and shown; `code` is what HTML, mail headers and file names want."""

    RU = "RU"
    EN = "EN"

    @property
    def code(self) -> str:
        """Of ISO 639-1."""
        return self.value.lower()


def say(value: object, language: Language) -> object:
    """A detail of a message as a person would write it; texts and numbers stay as they are."""
    match value:
        case timedelta():
            return span(value, language)
        case datetime():
            return value  # its day depends on a zone: whoever knows the zone says a date
        case date():
            return f"{value:%d.%m.%Y}" if language is Language.RU else f"{value:%Y-%m-%d}"
        case Decimal():
            bare = f"{value.normalize():f}"
            return bare.replace(".", ",") if language is Language.RU else bare
        case _:
            return value


def span(length: timedelta, language: Language) -> str:
    """A waiting time, rounded up to whole seconds, minutes or hours: never shorter than true."""
    seconds = max(1, ceil(length.total_seconds()))
    for unit, size in (("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return _counted(ceil(seconds / size), unit, language)
    return _counted(seconds, "second", language)


_RUSSIAN = {
    "hour": ("час", "часа", "часов"),
    "minute": ("минуту", "минуты", "минут"),
    "second": ("секунду", "секунды", "секунд"),
}


def _counted(count: int, unit: str, language: Language) -> str:
    if language is Language.EN:
        return f"{count} {unit}" + ("" if count == 1 else "s")
    return f"{count} {plural(count, *_RUSSIAN[unit])}"


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian form that goes with a number: 1 час, 2 часа, 5 часов, 11 часов."""
    if 11 <= count % 100 <= 14:
        return many
    match count % 10:
        case 1:
            return one
        case 2 | 3 | 4:
            return few
        case _:
            return many
