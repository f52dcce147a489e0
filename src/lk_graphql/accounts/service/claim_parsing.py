"""Parsing and normalization of link claims.

Refusals of this module are about the form of a field; none depends on whether the account exists.
"""

import re
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
from lk_graphql.kit.pasted_text import (
    LOOK_ALIKES,
    find_look_alike,
    find_strange,
    identifier,
    to_compatible,
)

_SPACES = re.compile(r"\s+")
_LABEL = re.compile(r"(ЕЛС|Л/?С|лицевой сч[её]т)?[\s.:]*(No?|N)?[\s.:]*(?=\d)", re.IGNORECASE)
"""The label that receipts print before a number: «л/с № …», in the form of `to_compatible`."""
_RUBLES = r"(?:руб(?:\.|л[а-я]+)?|р\.?|₽|rub)"
_UNIT = re.compile(rf"(?<=\d)\s*(?:{_RUBLES}|кВт\s*[·⋅*]?\s*ч)$", re.IGNORECASE)
_KOPECKS = re.compile(rf"(?<=\d)\s*{_RUBLES}\s*(\d\d)\s*к(?:оп)?\.?$", re.IGNORECASE)
"""Units as receipts print them, of amounts and readings: «1 234 руб. 56 коп.»."""
_INITIAL = re.compile(r"(?<![^\W\d_])[^\W\d_]\.")
_LOOK_ALIKES = str.maketrans(*LOOK_ALIKES)
_MAX_NUMBER_LENGTH = 40

READING_PATTERN = r"[0-9]{1,12}([.,][0-9]{1,3})?"
TOTAL_PATTERN = r"[0-9]{1,12}([.,][0-9]{1,2})?"
UNIFIED_NUMBER_PATTERN = r"[0-9]{2}[A-Za-zА-Яа-я]{2}[0-9]{6}"
"""Published to clients, hence in the syntax that Python and JavaScript share."""


class ProofKind(StrEnum):
    """The kinds of proof; the values are the names of the API's input fields."""

    LAST_READING = "lastReading"
    BILL_TOTAL = "billTotal"
    UNIFIED_NUMBER = "unifiedNumber"


@dataclass(frozen=True)
class LinkClaimForm:
    """A link claim as submitted."""

    subscriber_type: SubscriberType
    account_number: str
    surname: str
    kind: ProofKind
    proof: str


@dataclass(frozen=True)
class LinkClaim:
    """A link claim with its fields normalized for comparison."""

    number: str
    surname_key: str
    kind: ProofKind
    proof: str


def read_claim(form: LinkClaimForm, *, number_pattern: str) -> LinkClaim:
    """Parse a claim. Raises `Refusals` with an error for each malformed field."""
    check = FormErrors()
    account, surname, proof = "", "", ""
    with check.field("subscriberType"):
        if form.subscriber_type is not SubscriberType.HOUSEHOLD:
            raise SubscriberTypeUnsupported
    with check.field("accountNumber"):
        account = account_number(form.account_number, pattern=number_pattern)
    with check.field("surname"):
        surname = _parse_surname(form.surname)
    with check.field("proof", form.kind):
        proof = _parse_proof(form.kind, form.proof)
    check.check()
    return LinkClaim(account, surname, form.kind, proof)


def account_number(text: str, *, pattern: str) -> str:
    """Strip spaces, dashes, a label. Raises `AccountNumberInvalid` unless the pattern matches."""
    normalized = _strip_separators(text)
    if not re.fullmatch(pattern, normalized):
        if re.fullmatch(pattern, bare := _strip_separators(_without_label(text))):
            return bare
        refusal = AccountNumberInvalid()
        refusal.strange = find_look_alike(_normalize(text).strip())
        raise refusal
    return normalized


def surname_key(text: str) -> str:
    """A surname as it is compared, without initials («Камаев А.Ф.»)."""
    return names.comparison_key(_INITIAL.sub(" ", text))


def unified_number(text: str) -> str:
    """An ЕЛС as it is compared: bills print its letters in either alphabet."""
    return _strip_separators(text).upper().translate(_LOOK_ALIKES)


def normalized_number(value: Decimal) -> str:
    """A number as it is compared, in kilowatt-hours or kopecks: 12345 equals 12345.000."""
    return f"{value.normalize():f}"


def _parse_surname(text: str) -> str:
    try:
        key = surname_key(names.parse(text))
    except names.InvalidName as fault:
        refusal = SurnameInvalid()
        refusal.strange = fault.strange
        raise refusal from fault
    if not key:
        raise SurnameInvalid
    return key


def _parse_proof(kind: ProofKind, text: str) -> str:
    match kind:
        case ProofKind.LAST_READING:
            return normalized_number(_parse_number(text, READING_PATTERN, ReadingUnreadable))
        case ProofKind.BILL_TOTAL:
            return normalized_number(_parse_number(text, TOTAL_PATTERN, TotalUnreadable).scaleb(2))
        case ProofKind.UNIFIED_NUMBER:
            return _parse_unified_number(text)


def _parse_number(text: str, pattern: str, refusal: type[Refusal]) -> Decimal:
    """Parse with a comma or a point. Excess decimals are refused, never rounded."""
    usual = _normalize(text).strip()
    normalized = _SPACES.sub("", _UNIT.sub("", _KOPECKS.sub(r",\1", usual)))
    if not re.fullmatch(pattern, normalized):
        refused = refusal()
        refused.strange = find_strange(usual, r"0-9.,\s")
        raise refused
    return Decimal(normalized.replace(",", "."))


def _parse_unified_number(text: str) -> str:
    normalized = unified_number(_without_label(text))
    if not re.fullmatch(UNIFIED_NUMBER_PATTERN, normalized):
        refusal = UnifiedNumberUnreadable()
        refusal.strange = find_look_alike(_normalize(text).strip())
        raise refusal
    return normalized


def _without_label(text: str) -> str:
    usual = _normalize(text).strip()
    label = _LABEL.match(usual)
    return usual[label.end() :] if label else usual


def _strip_separators(text: str) -> str:
    return identifier(_normalize(text))


def _normalize(text: str) -> str:
    """Normalize Unicode. A text longer than any valid number becomes empty: no pattern matches."""
    return to_compatible(text) if len(text) <= _MAX_NUMBER_LENGTH else ""
