"""Inputs of the profile mutations, each converted to the command of its use case."""

from typing import TypeVar

import strawberry

from lk_graphql.api.graphql_types import choice_type, input_type
from lk_graphql.identity.models import DocumentKind
from lk_graphql.kit.languages import Language
from lk_graphql.profile.service.contacts import Patronymic, ProfileChange

T = TypeVar("T")


def _value_of(maybe: strawberry.Maybe[T]) -> T | None:
    return None if maybe is None else maybe.value


@choice_type
class PatronymicInput:
    """A patronymic, or the statement that there is none: exactly one of the fields."""

    name: strawberry.Maybe[str] = strawberry.field(description="The patronymic («отчество»).")
    none: strawberry.Maybe[bool] = strawberry.field(
        description="True if there is no patronymic («нет отчества»)."
    )

    def to_command(self) -> Patronymic:
        return Patronymic(_value_of(self.name), has_none=_value_of(self.none) is True)


@strawberry.input
class _Contacts:
    """Fields that the preview and the update share."""

    last_name: strawberry.Maybe[str] = strawberry.field(description="The last name («фамилия»).")
    first_name: strawberry.Maybe[str] = strawberry.field(description="The first name («имя»).")
    patronymic: strawberry.Maybe[PatronymicInput] = strawberry.field(
        description="The patronymic («отчество»), or the statement that there is none."
    )
    phone: strawberry.Maybe[str] = strawberry.field(
        description="A Russian telephone number in any of `publicSettings.phoneForms`."
    )
    language: strawberry.Maybe[Language] = strawberry.field(
        description="The language of mails and SMS to the customer."
    )

    def to_command(self) -> ProfileChange:
        return ProfileChange(
            last_name=_value_of(self.last_name),
            first_name=_value_of(self.first_name),
            patronymic=self.patronymic.value.to_command() if self.patronymic else None,
            phone=_value_of(self.phone),
            language=_value_of(self.language),
        )


@input_type
class ProfileUpdatePreviewInput(_Contacts):
    """Changes of the profile to preview; omitted fields are unchanged."""


@input_type
class ProfileUpdateInput(_Contacts):
    """Changes of the profile; omitted fields are unchanged."""


@input_type
class PhoneCodeSendInput:
    """A telephone number to confirm."""

    phone: str = strawberry.field(
        description="A mobile number, either of the profile or intended for it."
    )


@input_type
class PhoneConfirmInput:
    """A confirmation by the code from an SMS."""

    phone: str = strawberry.field(description="The telephone number to which the code was sent.")
    code: str = strawberry.field(
        description="The code of six digits; spaces and hyphens are ignored."
    )


@input_type
class ConsentWithdrawInput:
    """A consent to withdraw."""

    kind: DocumentKind = strawberry.field(
        description="The kind of the document; one with `isRequired` is refused."
    )


@input_type
class ErasureRequestInput:
    """A request for the destruction of personal data."""

    password: str = strawberry.field(
        description="The current password, as a confirmation of identity."
    )


@input_type
class PersonalDataExportInput:
    """A request for an export of personal data."""

    password: str = strawberry.field(
        description="The current password, as a confirmation of identity."
    )


@input_type
class ErasureWithdrawInput:
    """A renewed consent."""

    personal_data_version: str = strawberry.field(
        description="The version of PERSONAL_DATA that was shown to the person and agreed to."
    )
