"""The two-dimensional code on a bill, by which banks fill in a payment (ГОСТ Р 56042-2014).

`ST`, the version `0001`, a digit for the encoding, and the separator: what follows is
`Name=value`, five mandatory fields first, in their order. The standard knows no escapes: where a
value holds the separator, another one is taken.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from lk_graphql.kit.money import Kopecks

HEADER = "ST00012"
"""UTF-8: all banks read it, and a name may need a sign that windows-1251 lacks."""
SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
"""In this order: the first that no value holds."""
UTILITIES = "02"
"""The technical code («TechCode») of housing and utilities."""
MANDATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
MOST_MANDATORY_BYTES = 300
PERIOD_FORMATS: Mapping[str, str] = MappingProxyType({"MMYYYY": "%m%Y", "MMYY": "%m%y"})
"""How a month may be written: the standard doesn't say, and banks read both."""

_FORMS = {
    "Name": r".{1,160}",
    "PersonalAcc": r"[1-9]\d{4}[0-9ABCEHKMPTX]\d{14}",
    "BankName": r".{1,45}",
    "BIC": r"\d{9}",
    "CorrespAcc": r"\d{20}|0",
    "Sum": r"[1-9]\d{0,17}",
    "Purpose": r".{1,160}",
    "PayeeINN": r"\d{10}|\d{12}",
    "KPP": r"[0-9A-Z]{9}",
    "PersAcc": r".{1,30}",
    "PaymPeriod": r"\d{4}|\d{6}",
    "UIN": r".{1,25}",
    "TechCode": r"\d{2}",
}
_NAMES = {name.casefold(): name for name in _FORMS}


class NotACode(ValueError):
    """A text or fields that aren't a payment by this standard; says what is wrong."""


@dataclass(frozen=True)
class Payee:
    """Whom the money goes to, and where the account is kept."""

    name: str
    account: str
    bank_name: str
    bic: str
    correspondent_account: str
    inn: str
    kpp: str | None = None


@dataclass(frozen=True)
class Order:
    """What a customer is asked to pay: `amount` is above zero, `account_number` names the payer.

    No name and no address: a bank doesn't need them, and whoever finds the paper mustn't either.
    """

    payee: Payee
    amount: Kopecks
    account_number: str
    period: date
    purpose: str
    document_id: str | None = None


def payload(order: Order, *, period_format: str = "MMYYYY") -> str:
    """The text of a bill's code. Raises `NotACode`."""
    payee = order.payee
    fields = {
        "Name": payee.name,
        "PersonalAcc": payee.account,
        "BankName": payee.bank_name,
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent_account,
        "Sum": str(order.amount),
        "Purpose": order.purpose,
        "PayeeINN": payee.inn,
        "KPP": payee.kpp,
        "PersAcc": order.account_number,
        "PaymPeriod": order.period.strftime(PERIOD_FORMATS[period_format]),
        "UIN": order.document_id,
        "TechCode": UTILITIES,
    }
    return compose({name: value for name, value in fields.items() if value})


def compose(fields: Mapping[str, str]) -> str:
    """Fields as the text of a code, the mandatory ones first. Raises `NotACode`.

    Line breaks and runs of spaces become one space. The names are spelt as in the standard.
    """
    said = {name: " ".join(value.split()) for name, value in fields.items()}
    first = {name: said.pop(name, "") for name in MANDATORY}
    ordered = {**first, **said}
    _demand_forms(ordered)
    free = (sign for sign in SEPARATORS if not any(sign in v for v in ordered.values()))
    separator = next(free, None)
    if separator is None:
        raise NotACode("The values hold every sign that could part them")
    parts = [f"{name}={value}" for name, value in ordered.items()]
    mandatory = separator.join(parts[: len(MANDATORY)])
    if len(mandatory.encode()) > MOST_MANDATORY_BYTES:
        raise NotACode(f"The mandatory fields have more than {MOST_MANDATORY_BYTES} bytes")
    return f"{HEADER}{separator}{separator.join(parts)}"


def parse(text: str) -> dict[str, str]:
    """The fields of a code, under the standard's spelling of their names. Raises `NotACode`.

    Names come in any case, and a separator may stand at the end: real bills do both.
    """
    if not text.startswith(HEADER) or len(text) <= len(HEADER):
        raise NotACode(f"It doesn't begin with {HEADER}")
    separator, rest = text[len(HEADER)], text[len(HEADER) + 1 :]
    found = dict(_pairs(rest.removesuffix(separator).split(separator)))
    _demand_forms(found)
    return found


def _pairs(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            raise NotACode("A field has no value")
        yield _NAMES.get(name.casefold(), name), value


def _demand_forms(fields: Mapping[str, str]) -> None:
    if tuple(fields)[: len(MANDATORY)] != MANDATORY:
        raise NotACode("The mandatory fields come first, in their order")
    for name, value in fields.items():
        if not re.fullmatch(_FORMS.get(name, ".+"), value):
            raise NotACode(f"{name} has another form")
