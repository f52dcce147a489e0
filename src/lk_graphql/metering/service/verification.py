"""Warnings before a meter's verification («поверка») is due, and the party that does it."""

from datetime import date
from enum import StrEnum

from lk_graphql.accounts.models import HouseKind
from lk_graphql.kit.formatting import format_value
from lk_graphql.kit.languages import Language


class VerificationWarning(StrEnum):
    """The time left until the due date."""

    WITHIN_60_DAYS = "WITHIN_60_DAYS"
    WITHIN_30_DAYS = "WITHIN_30_DAYS"
    EXPIRED = "EXPIRED"


class MeterKeeper(StrEnum):
    """The party that installs, verifies and replaces a meter at its own cost (ПП 354, п. 80(1))."""

    SUPPLIER = "SUPPLIER"
    NETWORK_COMPANY = "NETWORK_COMPANY"


def is_expired(next_verification_on: date | None, day: date) -> bool:
    """Whether a reading of this day doesn't count, because the verification has expired.

    From the day after the due date the meter is out of order (ПП 354, п. 81(12) «д»), and the
    volume is the average, later the norm (п. 59 «а» and 60), until it is verified or replaced.
    """
    return next_verification_on is not None and next_verification_on < day


def warning(
    next_verification_on: date | None, removed_on: date | None, today: date
) -> VerificationWarning | None:
    """Return the warning for a due date, if any. On the due date the meter still counts."""
    if next_verification_on is None or removed_on is not None:
        return None
    if is_expired(next_verification_on, today):
        return VerificationWarning.EXPIRED
    match (next_verification_on - today).days:
        case days if days <= 30:
            return VerificationWarning.WITHIN_30_DAYS
        case days if days <= 60:
            return VerificationWarning.WITHIN_60_DAYS
        case _:
            return None


WARNING_SQL = """
CASE WHEN {removed_on} IS NOT NULL THEN NULL
     WHEN {next_verification_on} < {today} THEN 'EXPIRED'
     WHEN {next_verification_on} - {today} <= 30 THEN 'WITHIN_30_DAYS'
     WHEN {next_verification_on} - {today} <= 60 THEN 'WITHIN_60_DAYS' END"""


def keeper(account__house_kind: HouseKind) -> MeterKeeper:
    """Return the supplier for apartments (since July 2020), else the network company."""
    is_flat = account__house_kind is HouseKind.APARTMENT
    return MeterKeeper.SUPPLIER if is_flat else MeterKeeper.NETWORK_COMPANY


KEEPER_SQL = """
CASE {account__house_kind} WHEN 'APARTMENT' THEN 'SUPPLIER' ELSE 'NETWORK_COMPANY' END"""

_DUE = {
    Language.RU: ("Срок поверки счётчика истекает {day}.", "Срок поверки счётчика истёк {day}."),
    Language.EN: ("The meter has to be verified by {day}.", "The verification ended on {day}."),
}
_NOT_COUNTED = {
    Language.RU: (
        "До поверки или замены показания не учитываются: счёт — по среднему расходу,"
        " позже по нормативу."
    ),
    Language.EN: (
        "Until it is verified or replaced its readings don't count: the bill goes by the average,"
        " later by the norm."
    ),
}
_RESPONSIBLE = {
    Language.RU: {
        MeterKeeper.SUPPLIER: "Мы заменим его за свой счёт: обращаться и платить не нужно.",
        MeterKeeper.NETWORK_COMPANY: "Его за свой счёт заменит сетевая организация.",
    },
    Language.EN: {
        MeterKeeper.SUPPLIER: "We shall replace it at our cost: there is nothing for you to do.",
        MeterKeeper.NETWORK_COMPANY: "The network company will replace it at its own cost.",
    },
}


def notice(
    next_verification_on: date | None,
    removed_on: date | None,
    account__house_kind: HouseKind,
    today: date,
    language: Language,
) -> str | None:
    """Return the text of a warning, None while there is none."""
    stage = warning(next_verification_on, removed_on, today)
    if stage is None:
        return None
    has_expired = stage is VerificationWarning.EXPIRED
    sentences = [
        _DUE[language][has_expired].format(day=format_value(next_verification_on, language)),
        *([_NOT_COUNTED[language]] if has_expired else []),
        _RESPONSIBLE[language][keeper(account__house_kind)],
    ]
    return " ".join(sentences)
