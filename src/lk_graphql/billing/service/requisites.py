"""The supplier's requisites, and the payment code on a bill (ГОСТ Р 56042-2014).

A code is `ST`, the version `0001`, a digit for the encoding, the separator, and `Name=value`
fields, of which five mandatory ones come first, in their order. The standard has no escapes: when
a value contains the separator, another one is used.

Requisites are published only if every bill's code can contain them (decision 0126): long names are
abbreviated first, then the optional fields in `OPTIONAL` are left out.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Self

import structlog
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from lk_graphql.billing.models import Supplier
from lk_graphql.guards.requirements import Requirement, row_on
from lk_graphql.kit import pasted_text, requisites, text_encoding
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.formatting import format_month
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks

log = structlog.stdlib.get_logger("lk_graphql.billing")


class InvalidRequisites(ValueError):
    """A text without a supplier's valid requisites; the message has a line for each error."""


class RequisitesChanged(ValueError):
    """Other requisites are already published for that day, and receipts may contain them."""


def _text(max_length: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


def _folded(text: str) -> str:
    """Normalize pasted digits. Raises ValueError for a character that only looks like a digit."""
    usual = "".join(pasted_text.folded(text).split())
    strange = pasted_text.find_strange(usual, "0-9A-Z") or pasted_text.find_look_alike(usual)
    if strange:
        raise ValueError(strange.text(Language.EN))
    return usual


_Number = BeforeValidator(lambda value: _folded(value) if isinstance(value, str) else value)


def _is_inn(text: str) -> str:
    if not requisites.is_inn(text):
        raise ValueError("its region or control key is wrong")
    return text


def _is_ogrn(text: str) -> str:
    if not requisites.is_ogrn(text):
        raise ValueError("its first digit, region or control key is wrong")
    return text


def _is_kpp(text: str) -> str:
    if not requisites.is_kpp(text):
        raise ValueError("it has nine characters, and neither region nor number is of zeros")
    return text


def _is_printed(text: str) -> str:
    is_seen = pasted_text.seen(text) == unicodedata.normalize("NFC", text)
    if not is_seen or any(unicodedata.category(char).startswith("C") for char in text):
        raise ValueError("it has a control character or an invisible one")
    if _LOST.search(text) or text_encoding.has_misread_word(text):
        raise ValueError("some of its letters were lost or misread by an earlier program")
    return text


def _day(value: object) -> object:
    """Refuse a number, which pydantic would read as seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError("it is a day, such as 2026-12-01")  # noqa: TRY004 - pydantic's form
    return value


def _is_usual_day(day: date) -> date:
    if not _YEARS.start <= day.year < _YEARS.stop:
        raise ValueError("its year isn't this or the last century's")
    return day


def _is_no_placeholder(text: str) -> str:
    """Refuse a number of zeros after the country code; extensions don't matter."""
    for number in _NUMBER.findall(text):
        digits = re.sub(r"[^0-9]", "", number)
        if len(digits) >= _LEAST_DIGITS and not digits[1:].strip("0"):
            raise ValueError(f"{number.strip()} is a number of zeros")
    return text


_NUMBER = re.compile(r"\+?[0-9][0-9 ()\-\u00a0\u2010-\u2015]*[0-9]")
_LEAST_DIGITS = 5
_YEARS = range(1900, 2100)
_LOST = re.compile(r"\ufffd|\?{2}")
_Text = AfterValidator(_is_printed)
_Phone = AfterValidator(_is_no_placeholder)


class Requisites(BaseModel):
    """One validated version of the requisites: lengths of ГОСТ Р 56042, control keys of numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    valid_from: Annotated[date, BeforeValidator(_day), AfterValidator(_is_usual_day)]
    name: Annotated[str, _text(160), _Text]
    inn: Annotated[str, _Number, AfterValidator(_is_inn)]
    kpp: Annotated[str, _Number, AfterValidator(_is_kpp)] | None = Field(default=None)
    ogrn: Annotated[str, _Number, AfterValidator(_is_ogrn)]
    bank_name: Annotated[str, _text(45), _Text]
    bic: Annotated[str, _Number]
    account: Annotated[str, _Number]
    correspondent_account: Annotated[str, _Number] = requisites.NO_CORRESPONDENT
    address: Annotated[str, _text(200), _Text]
    phone: Annotated[str, _text(60), _Text, _Phone]
    emergency_phone: Annotated[str, _text(60), _Text, _Phone] | None = None
    email: Annotated[str, _text(100), _Text] | None = None
    site: Annotated[str, _text(100), _Text] | None = None
    office_hours: Annotated[str, _text(120), _Text]

    @model_validator(mode="after")
    def _accounts_fit_the_bank(self) -> Self:
        if not requisites.is_bic(self.bic):
            raise ValueError("bic: a Russian bank's has nine digits, 04 and its region first")
        if not requisites.is_account(self.account, self.bic):
            raise ValueError("account: its control key doesn't fit the bank's bic")
        if not requisites.is_correspondent_account(self.correspondent_account, self.bic):
            raise ValueError("correspondent_account: its control key doesn't fit the bank's bic")
        return self

    @model_validator(mode="after")
    def _fit_a_payment_code(self) -> Self:
        """Refuse names that no payment code can contain, whatever the bill."""
        fields = {
            "Name": " ".join(self.name.split()),
            "PersonalAcc": self.account,
            "BankName": " ".join(self.bank_name.split()),
            "BIC": self.bic,
            "CorrespAcc": self.correspondent_account,
        }
        excess = _size(_abbreviated(fields)) - MAX_MANDATORY_BYTES
        if excess > 0:
            name, bank_name = (len(text.encode()) for text in (self.name, self.bank_name))
            raise ValueError(
                f"name ({name} bytes) and bank_name ({bank_name} bytes) are {excess} bytes too long"
                " for a payment code, also with an abbreviated legal form; a Cyrillic letter has"
                " two bytes"
            )
        return self


def requisites_in(text: str) -> Requisites:
    """Read requisites from TOML. Raises `InvalidRequisites`."""
    try:
        return Requisites.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRequisites(f"It isn't TOML: {error}") from error
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        lines = (
            f"{'.'.join(map(str, detail['loc']))}: {detail['msg'].removeprefix('Value error, ')}"
            for detail in errors
        )
        raise InvalidRequisites("\n".join(line.removeprefix(": ") for line in lines)) from error


async def publish(requisites: Requisites) -> bool:
    """Save the requisites; False if they were saved before. Raises `RequisitesChanged`."""
    published = await Supplier.get_or_none(valid_from=requisites.valid_from)
    if published is None:
        await Supplier.create(**requisites.model_dump())
        return True
    if any(getattr(published, name) != value for name, value in requisites):
        raise RequisitesChanged(f"{requisites.valid_from:%Y-%m-%d}")
    return False


async def all_versions() -> list[Supplier]:
    return await Supplier.all().order_by("-valid_from")


REQUISITES = Requirement(
    row_on("supplier"),
    "Не опубликованы реквизиты получателя платежа.",
    "The payee's requisites are not published.",
    "lk supplier publish supplier.toml",
)
VAT_RATE = Requirement(
    row_on("vat_rate"),
    "Нет ставки НДС на сегодня.",
    "No VAT rate holds today.",
    "lk import rules vat_rates.csv",
)


async def supplier_on(day: date) -> Supplier | None:
    """Return the supplier of a day; None before the first publication."""
    return newest(await Supplier.all(), day)


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
class TransferOrder:
    """The fields of a payment code: `amount` is above zero, `account_number` is the payer's.

    Name and address of the payer are left out: banks don't need them, and the paper may get lost.
    """

    payee: PayeeDetails
    amount: Kopecks
    account_number: str
    period: date
    purpose: str
    document_id: str | None = None


def payload(order: TransferOrder, *, period_format: str = "MMYYYY") -> str:
    """Return the text of a bill's payment code. Raises `InvalidPaymentCode`."""
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
    """Format fields as the text of a code, the mandatory first. Raises `InvalidPaymentCode`.

    Line breaks and runs of spaces become one space. Names are spelt as in the standard. Too long
    names are abbreviated, and fields in `OPTIONAL` are omitted where there is no room.
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


@dataclass(frozen=True)
class BillPayment:
    """A payment of a bill; `amount` is the amount to pay."""

    account_number: str
    period: date
    amount: Kopecks
    gis_document_id: str | None = None


def order(payment: BillPayment, payee: PayeeDetails | None) -> TransferOrder | None:
    """Return the order of a bill's payment; None where nothing is to be paid."""
    if payee is None or payment.amount <= 0:
        return None
    purpose = (
        f"Оплата электроэнергии за {format_month(payment.period)}, л/с {payment.account_number}"
    )
    return TransferOrder(
        payee,
        payment.amount,
        payment.account_number,
        payment.period,
        purpose,
        payment.gis_document_id,
    )


def payment_code(
    payment: BillPayment, payee: PayeeDetails | None, *, period_format: str
) -> str | None:
    """Return the text of a bill's code; None where nothing is to be paid.

    Requisites that were stored before requisites were checked may not fit a code. Then the bill has
    no code, and a line is logged.
    """
    transfer = order(payment, payee)
    if transfer is None:
        return None
    try:
        return payload(transfer, period_format=period_format)
    except InvalidPaymentCode as error:
        log.warning("a bill has no payment code", account=payment.account_number, why=str(error))
        return None
