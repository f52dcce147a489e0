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
    """A patronymic, or the word that there is none: exactly one of these."""

    name: strawberry.Maybe[str] = strawberry.field(description="The patronymic («отчество»).")
    none: strawberry.Maybe[bool] = strawberry.field(
        description="True says that there is no patronymic («нет отчества»)."
    )

    def to_command(self) -> Patronymic:
        return Patronymic(_value_of(self.name), has_none=_value_of(self.none) is True)


@strawberry.input
class _Contacts:
    """Fields that the preview and the update share."""

    last_name: strawberry.Maybe[str] = strawberry.field(description="The surname («фамилия»).")
    first_name: strawberry.Maybe[str] = strawberry.field(description="The first name («имя»).")
    patronymic: strawberry.Maybe[PatronymicInput] = strawberry.field(
        description="The patronymic («отчество»), or that there is none."
    )
    phone: strawberry.Maybe[str] = strawberry.field(
        description="A Russian telephone number in any of `publicSettings.phoneForms`."
    )
    language: strawberry.Maybe[Language] = strawberry.field(
        description="The language of mails and SMS to this person."
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
    """What would be changed; what isn't given stays as it is."""


@input_type
class ProfileUpdateInput(_Contacts):
    """What to change; what isn't given stays as it is."""


@input_type
class PhoneCodeSendInput:
    """Where to send a code."""

    phone: str = strawberry.field(
        description="A mobile number, the profile's or one that is meant for it."
    )


@input_type
class PhoneConfirmInput:
    """The code of the SMS."""

    phone: str = strawberry.field(description="The number that it came to.")
    code: str = strawberry.field(description="Six digits; spaces and hyphens don't matter.")


@input_type
class ConsentWithdrawInput:
    """A consent that is given no more."""

    kind: DocumentKind = strawberry.field(description="To what; one with `isRequired` is refused.")


@input_type
class ErasureRequestInput:
    """A wish to be forgotten."""

    password: str = strawberry.field(description="The current one, to be sure who asks.")


@input_type
class PersonalDataExportInput:
    """A wish to have everything about oneself."""

    password: str = strawberry.field(description="The current one, to be sure who asks.")


@input_type
class ErasureWithdrawInput:
    """Consent given once more."""

    personal_data_version: str = strawberry.field(
        description="The version of PERSONAL_DATA that the person was shown and has agreed to."
    )
