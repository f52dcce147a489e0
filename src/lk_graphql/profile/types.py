"""GraphQL types of profiles: erasure requests, exports, the mutations' inputs and payloads."""

from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import choice_type, input_type, object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.models import DocumentKind
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, choices, column, derived, labels, reads
from lk_graphql.profile import models
from lk_graphql.profile.errors import ProfileErrorCode
from lk_graphql.profile.models import ErasureState, PersonalDataExportState
from lk_graphql.profile.service.contacts import Patronymic, ProfileChange
from lk_graphql.profile.service.exports import ROUTE

# ruff: noqa: S106 - codes, not passwords


choices(
    Language,
    "A language of the cabinet's messages.",
    RU="Russian («русский»).",
    EN="English («английский»).",
)
labels(
    Language,
    RU=("Русский", "Russian"),
    EN=("Английский", "English"),
)
choices(
    ProfileErrorCode,
    "The reason for refusing an operation on a profile. Codes never change.",
    CODE_EXPIRED=(
        "The code has expired, or none was sent to this number: request one by `phoneCodeSend`."
    ),
    CONSENT_NOT_GIVEN="The consent wasn't given, or is withdrawn already.",
    CONSENT_REQUIRED=(
        "The cabinet requires the consent: use `erasureRequest` to withdraw it and close "
        "the cabinet."
    ),
    CONSENT_OUTDATED="The version isn't current: show `publicSettings.consentDocuments` again.",
    ERASURE_NOT_FOUND="There is no request to cancel, or it is too late.",
    ERASURE_REQUESTED="The destruction was requested already.",
    PASSWORD_WRONG="The current password, required as a confirmation, is wrong.",
    CODE_WRONG="The code isn't the one sent last.",
    NAME_MALFORMED="A name is missing, too long, or contains invalid characters.",
    PATRONYMIC_UNCLEAR=(
        "Neither a patronymic nor the statement that there is none was given, or both were."
    ),
    PHONE_CONFIRMED="The number is confirmed already.",
    PHONE_MALFORMED="The text isn't a Russian telephone number; see `publicSettings.phoneForms`.",
    PHONE_NOT_MOBILE="Only a mobile number can receive an SMS.",
    SMS_UNAVAILABLE="The company doesn't send SMS so far; see `publicSettings.sendsSms`.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
)
choices(
    ErasureState,
    "The state of a request for the destruction of personal data.",
    WAITING="The data will be destroyed at `startsAt`; until then the request can be cancelled.",
    WITHDRAWN="The request was cancelled.",
    DONE="The data are destroyed («уничтожено»).",
)
labels(
    ErasureState,
    WAITING=("Ждёт срока", "Waiting"),
    WITHDRAWN=("Отозвано", "Withdrawn"),
    DONE=("Данные уничтожены", "Data destroyed"),
)
choices(
    PersonalDataExportState,
    "The state of an export of personal data.",
    WAITING="The archive is being prepared; a mail is sent when it is ready.",
    READY="The archive can be downloaded until `expiresAt`.",
    ENDED="The archive was deleted, or couldn't be made: request another.",
)
labels(
    PersonalDataExportState,
    WAITING=("Готовится", "Being prepared"),
    READY=("Готова", "Ready"),
    ENDED=("Удалена", "Deleted"),
)


@reads(models.ErasureRequest, prefix="ers", owned_through="user")
class ErasureRequest(Node):
    """A withdrawal of consent, followed by the destruction of personal data («отзыв согласия»).

    Bills and payments stay, without the customer's personal data; the contract for energy
    continues.
    """

    state: models.ErasureState = column("The state of the request.")
    requested_at: datetime = column("The date and time of the request.")
    starts_at: datetime = column(
        "The date and time of the destruction, unless the request is cancelled before."
    )
    due_on: date = column("The legal deadline for the destruction.")
    closed_at: datetime | None = column("The date and time of the destruction or cancellation.")


def download_url(
    id: UUID, state: models.PersonalDataExportState, file_urls: FileUrls
) -> str | None:
    if state is not models.PersonalDataExportState.READY:
        return None
    return file_urls.of(ROUTE, id)


@reads(models.PersonalDataExport, prefix="pde", owned_through="user")
class PersonalDataExport(Node):
    """All stored data of the customer, as a ZIP of JSON, files and receipts («выгрузка»)."""

    state: models.PersonalDataExportState = column("The state of the export.")
    requested_at: datetime = column("The date and time of the request.")
    made_at: datetime | None = column(
        "The date and time at which the archive was made; null until then."
    )
    expires_at: datetime = column(
        "The date and time at which the archive is deleted; while WAITING, the deadline for "
        "making it."
    )
    download_url: Url | None = derived(
        "The address of the archive, valid for ten minutes and no longer than this "
        "session. Null unless it is READY; it returns nothing to staff who view the "
        "cabinet.",
        download_url,
    )


# Inputs of the mutations, each converted to the command of its use case.


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


# Payloads and errors of the mutations.


@object_type
class ProfileError(UserError):
    """A refusal of an operation on a profile."""

    code: ProfileErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class ProfilePreview:
    """A profile as it would be saved."""

    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic; null if there is none.")
    phone: str = strawberry.field(description="The telephone number, `+79131234567`.")
    language: Language = strawberry.field(description="The language of mails and SMS.")
    is_phone_confirmed: bool = strawberry.field(
        description=(
            "Whether SMS can be sent to the number at once; otherwise `phoneCodeSend` is "
            "required first."
        )
    )


@object_type
class ProfileUpdatePreviewPayload:
    """The result of `profileUpdatePreview`."""

    preview: ProfilePreview | None = outcome("The preview to show for confirmation.")
    errors: list[ProfileError] = errors()


@object_type
class ProfileUpdatePayload(ViewerPayload):
    """The result of `profileUpdate`."""

    errors: list[ProfileError] = errors()


@object_type
class PhoneCodeSendPayload(ViewerPayload):
    """The result of `phoneCodeSend`."""

    expires_at: datetime | None = outcome("The date and time until which the code is valid.")
    errors: list[ProfileError] = errors()


@object_type
class PhoneConfirmPayload(ViewerPayload):
    """The result of `phoneConfirm`."""

    errors: list[ProfileError] = errors()


@object_type
class ConsentWithdrawPayload(ViewerPayload):
    """The result of `consentWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureRequestPayload(ViewerPayload):
    """The result of `erasureRequest`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureWithdrawPayload(ViewerPayload):
    """The result of `erasureWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class PersonalDataExportPayload(ViewerPayload):
    """The result of `personalDataExport`."""

    errors: list[ProfileError] = errors()
