"""The supplier's requisites: validation, publication, and the versions by day.

A number of zeros also has correct check digits. Therefore the parts that are never zero are checked
too: the region, the serial number, the kind of a record. Sources: приказ ФНС ЕД-7-14/559@ (ИНН,
КПП), Банк России № 515 (check digit of an account).

Requisites are published only if every bill's code can contain them (decision 0126): long names are
abbreviated first, then the optional fields in `payment_code.OPTIONAL` are left out.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Annotated, Self

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
from lk_graphql.billing.service.payment_code import excess_bytes
from lk_graphql.guards.requirements import Requirement, row_on
from lk_graphql.kit import pasted_text, text_encoding
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.languages import Language

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_11 = (7, *_INN_10)
_INN_12 = (3, *_INN_11)
_ACCOUNT = re.compile(r"[1-9][0-9]{4}[0-9ABCEHKMPTX][0-9]{14}", re.ASCII)
_LETTERS = {letter: str(digit) for digit, letter in enumerate("ABCEHKMPTX")}
_NO_REGION = "00"
NO_CORRESPONDENT = "0"
"""The value for a bank without a correspondent account."""


def is_inn(text: str) -> bool:
    """A taxpayer number («ИНН»): ten digits for a company, twelve for a person."""
    if not _digits(text, 10, 12) or text.startswith(_NO_REGION):
        return False
    if len(text) == 10:
        return bool(int(text[4:9])) and _check_digit(text, _INN_10) == text[9]
    if not int(text[4:10]):
        return False
    return _check_digit(text, _INN_11) + _check_digit(text, _INN_12) == text[10:]


def is_kpp(text: str) -> bool:
    """A tax registration code («КПП»), which has no check digit."""
    if not re.fullmatch(r"[0-9]{4}[0-9A-Z]{2}[0-9]{3}", text, re.ASCII):
        return False
    return not text.startswith(_NO_REGION) and not text.endswith("000")


def is_ogrn(text: str) -> bool:
    """A registration number («ОГРН», or «ОГРНИП» of a sole trader)."""
    if not _digits(text, 13, 15) or text[3:5] == _NO_REGION:
        return False
    if text[0] not in ("15" if len(text) == 13 else "34"):
        return False
    return str(int(text[:-1]) % (len(text) - 2) % 10) == text[-1]


def is_bic(text: str) -> bool:
    """A Russian bank code («БИК»)."""
    return _digits(text, 9) and text.startswith("04") and text[2:4] != _NO_REGION


def is_account(text: str, bic: str) -> bool:
    """A bank account («расчётный счёт») whose check digit fits the bank code."""
    return _is_numbered(text) and is_bic(bic) and not _checksum(bic[-3:] + text)


def is_correspondent_account(text: str, bic: str) -> bool:
    """A correspondent account with the Bank of Russia («корр. счёт»), or `NO_CORRESPONDENT`."""
    if text == NO_CORRESPONDENT:
        return is_bic(bic)
    return _is_numbered(text) and is_bic(bic) and not _checksum(f"0{bic[4:6]}{text}")


def _is_numbered(text: str) -> bool:
    """Whether a text is an account with a branch or a serial number after its check digit."""
    return bool(_ACCOUNT.fullmatch(text)) and bool(int(text[9:]))


def _digits(text: str, *lengths: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) in lengths


def _check_digit(text: str, weights: tuple[int, ...]) -> str:
    pairs = zip(text, weights, strict=False)
    return str(sum(int(digit) * weight for digit, weight in pairs) % 11 % 10)


def _checksum(text: str) -> int:
    """The weighted checksum of an account, modulo 10; 0 for a valid one."""
    digits = (int(_LETTERS.get(char, char)) for char in text)
    return sum(digit * (7, 1, 3)[place % 3] % 10 for place, digit in enumerate(digits)) % 10


class InvalidRequisites(ValueError):
    """A text without a supplier's valid requisites; the message has a line for each error."""


class RequisitesChanged(ValueError):
    """Other requisites are already published for that day, and receipts may contain them."""


def _text(max_length: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=max_length)


def _folded(text: str) -> str:
    """Normalize pasted digits. Raises ValueError for a character that only looks like a digit."""
    usual = "".join(pasted_text.to_compatible(text).split())
    strange = pasted_text.find_strange(usual, "0-9A-Z") or pasted_text.find_look_alike(usual)
    if strange:
        raise ValueError(strange.text(Language.EN))
    return usual


_Number = BeforeValidator(lambda value: _folded(value) if isinstance(value, str) else value)


def _checked(is_valid: Callable[[str], bool], error: str) -> AfterValidator:
    """Refuse a text that fails the check, with this error."""

    def check(text: str) -> str:
        if not is_valid(text):
            raise ValueError(error)
        return text

    return AfterValidator(check)


def _is_printed(text: str) -> str:
    is_seen = pasted_text.strip_invisible(text) == unicodedata.normalize("NFC", text)
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
_Inn = _checked(is_inn, "its region or control key is wrong")
_Kpp = _checked(is_kpp, "it has nine characters, and neither region nor number is of zeros")
_Ogrn = _checked(is_ogrn, "its first digit, region or control key is wrong")
_Text = AfterValidator(_is_printed)
_Phone = AfterValidator(_is_no_placeholder)


class Requisites(BaseModel):
    """One validated version of the requisites: lengths of ГОСТ Р 56042, control keys of numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    valid_from: Annotated[date, BeforeValidator(_day), AfterValidator(_is_usual_day)]
    name: Annotated[str, _text(160), _Text]
    inn: Annotated[str, _Number, _Inn]
    kpp: Annotated[str, _Number, _Kpp] | None = Field(default=None)
    ogrn: Annotated[str, _Number, _Ogrn]
    bank_name: Annotated[str, _text(45), _Text]
    bic: Annotated[str, _Number]
    account: Annotated[str, _Number]
    correspondent_account: Annotated[str, _Number] = NO_CORRESPONDENT
    address: Annotated[str, _text(200), _Text]
    phone: Annotated[str, _text(60), _Text, _Phone]
    emergency_phone: Annotated[str, _text(60), _Text, _Phone] | None = None
    email: Annotated[str, _text(100), _Text] | None = None
    site: Annotated[str, _text(100), _Text] | None = None
    office_hours: Annotated[str, _text(120), _Text]

    @model_validator(mode="after")
    def _accounts_fit_the_bank(self) -> Self:
        if not is_bic(self.bic):
            raise ValueError("bic: a Russian bank's has nine digits, 04 and its region first")
        if not is_account(self.account, self.bic):
            raise ValueError("account: its control key doesn't fit the bank's bic")
        if not is_correspondent_account(self.correspondent_account, self.bic):
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
        excess = excess_bytes(fields)
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
