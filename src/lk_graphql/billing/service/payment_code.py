"""The payment code on a bill (ГОСТ Р 56042-2014).

A code is `ST`, the version `0001`, a digit for the encoding, the separator, and `Name=value`
fields, of which five mandatory ones come first, in their order. The standard has no escapes: when
a value contains the separator, another one is used.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import structlog

from lk_graphql.kit.formatting import format_month
from lk_graphql.kit.money import Kopecks

log = structlog.stdlib.get_logger("lk_graphql.billing")

HEADER = "ST00012"
"""Version and encoding: UTF-8, which all banks read; windows-1251 lacks some characters."""
SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
"""Candidates in order of preference: the first that no value contains."""
OPTIONAL = ("TechCode", "KPP", "Purpose", "PaymPeriod", "UIN")
"""Fields that are omitted, in this order, if there is no room: banks don't depend on them."""
UTILITIES = "02"
"""The technical code («TechCode») of housing and utilities."""
MANDATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
MAX_MANDATORY_BYTES = 300
MAX_BYTES = 666
"""Version 20 of a QR code with correction M: modules of 0.34 mm on a receipt."""
ABBREVIATIONS = (
    ("федеральное государственное унитарное предприятие", "ФГУП"),
    ("государственное унитарное предприятие", "ГУП"),
    ("муниципальное унитарное предприятие", "МУП"),
    ("общество с ограниченной ответственностью", "ООО"),
    ("непубличное акционерное общество", "НАО"),
    ("публичное акционерное общество", "ПАО"),
    ("открытое акционерное общество", "ОАО"),
    ("закрытое акционерное общество", "ЗАО"),
    ("акционерное общество", "АО"),
    ("индивидуальный предприниматель", "ИП"),
    ("коммерческий банк", "КБ"),
)
"""Legal forms and abbreviations: payee and bank are recognized equally well by the short form."""
PERIOD_FORMATS: Mapping[str, str] = MappingProxyType({"MMYYYY": "%m%Y", "MMYY": "%m%y"})
"""Formats of a month: the standard doesn't define one, and banks read both."""

FORMATS: Mapping[str, str] = {
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


class InvalidPaymentCode(ValueError):
    """A text or fields that break the standard; the message names the rule."""


@dataclass(frozen=True)
class PayeeDetails:
    """The payee, its account and bank."""

    name: str
    account: str
    bank_name: str
    bic: str
    correspondent_account: str
    inn: str
    kpp: str | None = None


@dataclass(frozen=True)
class BillPayment:
    """A payment of a bill; `amount` is the amount to pay.

    Name and address of the payer are left out: banks don't need them, and the paper may get lost.
    """

    account_number: str
    period: date
    amount: Kopecks
    gis_document_id: str | None = None


def payment_code(
    payment: BillPayment, payee: PayeeDetails | None, *, period_format: str
) -> str | None:
    """Return the text of a bill's code; None where nothing is to be paid.

    Requisites that were stored before requisites were checked may not fit a code. Then the bill has
    no code, and a line is logged.
    """
    if payee is None or payment.amount <= 0:
        return None
    month, account_number = format_month(payment.period), payment.account_number
    fields = {
        "Name": payee.name,
        "PersonalAcc": payee.account,
        "BankName": payee.bank_name,
        "BIC": payee.bic,
        "CorrespAcc": payee.correspondent_account,
        "Sum": str(payment.amount),
        "Purpose": f"Оплата электроэнергии за {month}, л/с {account_number}",
        "PayeeINN": payee.inn,
        "KPP": payee.kpp or "",
        "PersAcc": account_number,
        "PaymPeriod": payment.period.strftime(PERIOD_FORMATS[period_format]),
        "UIN": payment.gis_document_id or "",
        "TechCode": UTILITIES,
    }
    try:
        return compose(fields)
    except InvalidPaymentCode as error:
        log.warning("a bill has no payment code", account=account_number, why=str(error))
        return None


def compose(fields: Mapping[str, str]) -> str:
    """Format fields as the text of a code, the mandatory first. Raises `InvalidPaymentCode`.

    Line breaks and runs of spaces become one space, and blank fields are left out. Names are spelt
    as in the standard. Too long names are abbreviated, and fields in `OPTIONAL` are omitted where
    there is no room.
    """
    values = {name: " ".join(value.split()) for name, value in fields.items()}
    mandatory = _abbreviated({name: values.pop(name, "") for name in MANDATORY})
    optional = {name: value for name, value in values.items() if value}
    require_formats({**mandatory, **optional})
    if _size(mandatory) > MAX_MANDATORY_BYTES:
        raise InvalidPaymentCode(f"The mandatory fields have more than {MAX_MANDATORY_BYTES} bytes")
    for name in OPTIONAL:
        if len(HEADER) + 1 + _size({**mandatory, **optional}) > MAX_BYTES:
            optional.pop(name, None)
    ordered = {**mandatory, **optional}
    text = "".join(ordered.values())
    separator = next((char for char in SEPARATORS if char not in text), None)
    if separator is None:  # the standard has no escapes
        separator = SEPARATORS[0]
        ordered = {name: value.replace(separator, " ") for name, value in ordered.items()}
    return f"{HEADER}{separator}{separator.join(_pairs_of(ordered))}"


def excess_bytes(mandatory: Mapping[str, str]) -> int:
    """Return the bytes of these fields beyond the limit, with names abbreviated if need be."""
    return _size(_abbreviated(mandatory)) - MAX_MANDATORY_BYTES


def _pairs_of(fields: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in fields.items()]


def _size(fields: Mapping[str, str]) -> int:
    """Return the bytes of the fields with separators between them."""
    return len("|".join(_pairs_of(fields)).encode())


def _abbreviated(mandatory: Mapping[str, str]) -> dict[str, str]:
    """Return the fields with abbreviated legal forms, as far as they are too long otherwise."""
    fields = dict(mandatory)
    for name in ("Name", "BankName"):
        if _size(fields) > MAX_MANDATORY_BYTES:
            for form, abbreviation in ABBREVIATIONS:
                fields[name] = re.sub(
                    rf"\b{form}\b", abbreviation, fields[name], flags=re.IGNORECASE
                )
    return fields


def require_formats(fields: Mapping[str, str]) -> None:
    """Require the order and the formats of the standard. Raises `InvalidPaymentCode`."""
    if tuple(fields)[: len(MANDATORY)] != MANDATORY:
        raise InvalidPaymentCode("The mandatory fields come first, in their order")
    for name, value in fields.items():
        if not re.fullmatch(FORMATS.get(name, ".+"), value):
            raise InvalidPaymentCode(f"{name} has another form")
