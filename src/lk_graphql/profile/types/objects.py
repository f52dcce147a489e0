"""Erasure requests and exports as GraphQL types."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, choices, column, derived, labels, reads
from lk_graphql.profile import models
from lk_graphql.profile.errors import ProfileErrorCode
from lk_graphql.profile.models import ErasureState, PersonalDataExportState
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
