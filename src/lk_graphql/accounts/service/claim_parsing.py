"""Parsing and normalisation of link claims.

Nothing here knows whether the account exists: a refusal made here tells only that a field can't
be read.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lk_graphql.accounts.errors import (
    AccountNumberInvalid,
    ReadingUnreadable,
    SubscriberTypeUnsupported,
    SurnameInvalid,
    TotalUnreadable,
    UnifiedNumberUnreadable,
)
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.kit import names
from lk_graphql.kit.errors import FormErrors, Refusal

_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_INITIAL = re.compile(r"(?<![^\W\d_])[^\W\d_]\.")
_LOOK_ALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_MAX_NUMBER_LENGTH = 40


READING_PATTERN = r"[0-9]{1,12}([.,][0-9]{1,3})?"
TOTAL_PATTERN = r"[0-9]{1,12}([.,][0-9]{1,2})?"
UNIFIED_NUMBER_PATTERN = r"[0-9]{2}[A-Za-zА-Яа-я]{2}[0-9]{6}"
"""For frontends too, hence without what JavaScript doesn't know."""


class Factor(StrEnum):
    """The one strong proof of the three; the values are the API's names of the fields."""

    LAST_READING = "lastReading"
    BILL_TOTAL = "billTotal"
    UNIFIED_NUMBER = "unifiedNumber"


@dataclass(frozen=True)
class LinkClaimForm:
    """As the person wrote it."""

    subscriber_type: SubscriberType
    account_number: str
    surname: str
    factor: Factor
    proof: str


@dataclass(frozen=True)
class LinkClaim:
    """As it is compared: `proof` is what `canonical` makes of the factor."""

    number: str
    surname_key: str
    factor: Factor
    proof: str


def read_claim(form: LinkClaimForm, *, number_pattern: str) -> LinkClaim:
    """Raises `Refusals` with all that can't be read."""
    check = FormErrors()
    account, surname, proof = "", "", ""
    with check.field("subscriberType"):
        if form.subscriber_type is not SubscriberType.HOUSEHOLD:
            raise SubscriberTypeUnsupported
    with check.field("accountNumber"):
        account = account_number(form.account_number, pattern=number_pattern)
    with check.field("surname"):
        surname = _typed_surname(form.surname)
    with check.field("proof", form.factor):
        proof = _typed_proof(form.factor, form.proof)
    check.check()
    return LinkClaim(account, surname, form.factor, proof)


def account_number(text: str, *, pattern: str) -> str:
    """Without spaces and dashes. Raises `AccountNumberInvalid` unless it fits the pattern."""
    bare = _strip_separators(text)
    if not re.fullmatch(pattern, bare):
        raise AccountNumberInvalid
    return bare


def surname_key(text: str) -> str:
    """A surname as it is compared; initials beside it («Камаев А.Ф.») don't count."""
    return names.comparison_key(_INITIAL.sub(" ", text))


def unified_number(text: str) -> str:
    """An ЕЛС as it is compared: bills print its letters in either alphabet."""
    return _strip_separators(text).upper().translate(_LOOK_ALIKES)


def number(value: Decimal) -> str:
    """Kilowatt-hours or kopecks as they are compared: 12345 and 12345.000 are one."""
    return f"{value.normalize():f}"


def _typed_surname(text: str) -> str:
    try:
        key = surname_key(names.parse(text))
    except names.NotAName as fault:
        raise SurnameInvalid from fault
    if not key:
        raise SurnameInvalid
    return key


def _typed_proof(factor: Factor, text: str) -> str:
    match factor:
        case Factor.LAST_READING:
            return number(_number(text, READING_PATTERN, ReadingUnreadable))
        case Factor.BILL_TOTAL:
            return number(_number(text, TOTAL_PATTERN, TotalUnreadable).scaleb(2))
        case Factor.UNIFIED_NUMBER:
            return _typed_unified_number(text)


def _number(text: str, pattern: str, otherwise: type[Refusal]) -> Decimal:
    """With a comma or a point; a decimal too many is refused, not rounded away."""
    bare = _SPACES.sub("", _normalize(text))
    if not re.fullmatch(pattern, bare):
        raise otherwise
    return Decimal(bare.replace(",", "."))


def _typed_unified_number(text: str) -> str:
    typed = unified_number(text)
    if not re.fullmatch(UNIFIED_NUMBER_PATTERN, typed):
        raise UnifiedNumberUnreadable
    return typed


def _strip_separators(text: str) -> str:
    return _SEPARATORS.sub("", _normalize(text))


def _normalize(text: str) -> str:
    """Too long is as bad as empty: nobody's number has so many characters."""
    return unicodedata.normalize("NFKC", text) if len(text) <= _MAX_NUMBER_LENGTH else ""
