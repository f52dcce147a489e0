"""The supplier's requisites, and the payment code on a bill (ГОСТ Р 56042-2014).

`ST`, the version `0001`, a digit for the encoding, and the separator: what follows is
`Name=value`, five mandatory fields first, in their order. The standard knows no escapes: where a
value holds the separator, another one is taken.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from lk_graphql.billing.models import Supplier
from lk_graphql.kit import requisites
from lk_graphql.kit.formatting import format_month
from lk_graphql.kit.money import Kopecks


class InvalidRequisites(ValueError):
    """A text that doesn't hold a supplier's requisites; a line for each fault."""


class RequisitesChanged(ValueError):
    """From that day others are published, and receipts with them may have been printed."""


def _text(max_length: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


def _is_inn(text: str) -> str:
    if not requisites.is_inn(text):
        raise ValueError("its control key is wrong")
    return text


def _is_ogrn(text: str) -> str:
    if not requisites.is_ogrn(text):
        raise ValueError("its control key is wrong")
    return text


def _is_kpp(text: str) -> str:
    if not requisites.is_kpp(text):
        raise ValueError("it has nine characters")
    return text


class Requisites(BaseModel):
    """One version of them, checked: lengths of ГОСТ Р 56042, control keys of numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    valid_from: date
    name: Annotated[str, _text(160)]
    inn: Annotated[str, AfterValidator(_is_inn)]
    kpp: Annotated[str, AfterValidator(_is_kpp)] | None = Field(default=None)
    ogrn: Annotated[str, AfterValidator(_is_ogrn)]
    bank_name: Annotated[str, _text(45)]
    bic: str
    account: str
    correspondent_account: str = requisites.NO_CORRESPONDENT
    address: Annotated[str, _text(200)]
    phone: Annotated[str, _text(60)]
    emergency_phone: Annotated[str, _text(60)] | None = None
    email: Annotated[str, _text(100)] | None = None
    site: Annotated[str, _text(100)] | None = None
    office_hours: Annotated[str, _text(120)]

    @model_validator(mode="after")
    def _accounts_fit_the_bank(self) -> Self:
        if not requisites.is_bic(self.bic):
            raise ValueError("bic: a Russian bank's has nine digits and begins with 04")
        if not requisites.is_account(self.account, self.bic):
            raise ValueError("account: its control key doesn't fit the bank's bic")
        if not requisites.is_correspondent_account(self.correspondent_account, self.bic):
            raise ValueError("correspondent_account: its control key doesn't fit the bank's bic")
        return self


def requisites_in(text: str) -> Requisites:
    """Read them from TOML. Raises `InvalidRequisites`."""
    try:
        return Requisites.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise InvalidRequisites(f"It isn't TOML: {wrong}") from wrong
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_context=False, include_input=False)
        told = (
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in faults
        )
        raise InvalidRequisites("\n".join(line.removeprefix(": ") for line in told)) from wrong


async def publish(requisites: Requisites) -> bool:
    """Make them known, unless they are already. Raises `RequisitesChanged` for another text."""
    known = await Supplier.get_or_none(valid_from=requisites.valid_from)
    if known is None:
        await Supplier.create(**requisites.model_dump())
        return True
    if any(getattr(known, name) != value for name, value in requisites):
        raise RequisitesChanged(f"{requisites.valid_from:%Y-%m-%d}")
    return False


async def all_versions() -> list[Supplier]:
    return await Supplier.all().order_by("-valid_from")


async def supplier_on(day: date) -> Supplier | None:
    """Whom one pays on a day; None before anything was published."""
    return await Supplier.filter(valid_from__lte=day).order_by("-valid_from").first()


HEADER = "ST00012"
"""UTF-8: all banks read it, and a name may need a sign that windows-1251 lacks."""
SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
"""In this order: the first that no value holds."""
UTILITIES = "02"
"""The technical code («TechCode») of housing and utilities."""
MANDATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
MAX_MANDATORY_BYTES = 300
PERIOD_FORMATS: Mapping[str, str] = MappingProxyType({"MMYYYY": "%m%Y", "MMYY": "%m%y"})
"""How a month may be written: the standard doesn't say, and banks read both."""

_FORMATS = {
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
_NAMES = {name.casefold(): name for name in _FORMATS}


class InvalidPaymentCode(ValueError):
    """A text or fields that aren't a payment by this standard; says what is wrong."""


@dataclass(frozen=True)
class PayeeDetails:
    """Whom the money goes to, and where the account is kept."""

    name: str
    account: str
    bank_name: str
    bic: str
    correspondent_account: str
    inn: str
    kpp: str | None = None


@dataclass(frozen=True)
class TransferOrder:
    """What a customer is asked to pay: `amount` is above zero, `account_number` names the payer.

    No name and no address: a bank doesn't need them, and whoever finds the paper mustn't either.
    """

    payee: PayeeDetails
    amount: Kopecks
    account_number: str
    period: date
    purpose: str
    document_id: str | None = None


def payload(order: TransferOrder, *, period_format: str = "MMYYYY") -> str:
    """The text of a bill's code. Raises `InvalidPaymentCode`."""
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
    """Fields as the text of a code, the mandatory ones first. Raises `InvalidPaymentCode`.

    Line breaks and runs of spaces become one space. The names are spelt as in the standard.
    """
    said = {name: " ".join(value.split()) for name, value in fields.items()}
    first = {name: said.pop(name, "") for name in MANDATORY}
    ordered = {**first, **said}
    _require_formats(ordered)
    free = (sign for sign in SEPARATORS if not any(sign in v for v in ordered.values()))
    separator = next(free, None)
    if separator is None:
        raise InvalidPaymentCode("The values hold every sign that could part them")
    parts = [f"{name}={value}" for name, value in ordered.items()]
    mandatory = separator.join(parts[: len(MANDATORY)])
    if len(mandatory.encode()) > MAX_MANDATORY_BYTES:
        raise InvalidPaymentCode(f"The mandatory fields have more than {MAX_MANDATORY_BYTES} bytes")
    return f"{HEADER}{separator}{separator.join(parts)}"


def parse(text: str) -> dict[str, str]:
    """The fields of a code by the standard's names. Raises `InvalidPaymentCode`.

    Names come in any case, and a separator may stand at the end: real bills do both.
    """
    if not text.startswith(HEADER) or len(text) <= len(HEADER):
        raise InvalidPaymentCode(f"It doesn't begin with {HEADER}")
    separator, rest = text[len(HEADER)], text[len(HEADER) + 1 :]
    found = dict(_pairs(rest.removesuffix(separator).split(separator)))
    _require_formats(found)
    return found


def _pairs(parts: Iterable[str]) -> Iterable[tuple[str, str]]:
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals:
            raise InvalidPaymentCode("A field has no value")
        yield _NAMES.get(name.casefold(), name), value


def _require_formats(fields: Mapping[str, str]) -> None:
    if tuple(fields)[: len(MANDATORY)] != MANDATORY:
        raise InvalidPaymentCode("The mandatory fields come first, in their order")
    for name, value in fields.items():
        if not re.fullmatch(_FORMATS.get(name, ".+"), value):
            raise InvalidPaymentCode(f"{name} has another form")


@dataclass(frozen=True)
class BillPayment:
    """What a bill's payment is told by: `amount` is what is to be paid."""

    account_number: str
    period: date
    amount: Kopecks
    gis_document_id: str | None = None


def order(payment: BillPayment, payee: PayeeDetails | None) -> TransferOrder | None:
    """None where nothing is to be paid: a code with a sum of nothing makes people ask the bank."""
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
