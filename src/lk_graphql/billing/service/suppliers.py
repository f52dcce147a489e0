"""Whom customers pay: the supplier's requisites, a dated row for each change of them."""

import tomllib
from datetime import date
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


class NotRequisites(ValueError):
    """A text that doesn't hold a supplier's requisites; a line for each fault."""


class RequisitesChanged(ValueError):
    """From that day others are published, and receipts with them may have been printed."""


def _text(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


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
    """Read them from TOML. Raises `NotRequisites`."""
    try:
        return Requisites.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as wrong:
        raise NotRequisites(f"It isn't TOML: {wrong}") from wrong
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_context=False, include_input=False)
        told = (
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in faults
        )
        raise NotRequisites("\n".join(line.removeprefix(": ") for line in told)) from wrong


async def publish(given: Requisites) -> bool:
    """Make them known, unless they are already. Raises `RequisitesChanged` for another text."""
    known = await Supplier.get_or_none(valid_from=given.valid_from)
    if known is None:
        await Supplier.create(**given.model_dump())
        return True
    if any(getattr(known, name) != value for name, value in given):
        raise RequisitesChanged(f"{given.valid_from:%Y-%m-%d}")
    return False


async def all_versions() -> list[Supplier]:
    return await Supplier.all().order_by("-valid_from")


async def supplier_on(day: date) -> Supplier | None:
    """Whom one pays on a day; None before anything was published."""
    return await Supplier.filter(valid_from__lte=day).order_by("-valid_from").first()
