"""Erasure requests and exports as GraphQL types."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.kit.signing import Signer
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, choices, column, derived, labels, reads
from lk_graphql.profile import models
from lk_graphql.profile.errors import ProfileErrorCode
from lk_graphql.profile.models import ErasureState, PersonalDataExportState
from lk_graphql.profile.service.exports import ROUTE

# ruff: noqa: S106 - codes, not passwords


choices(
    Language,
    "A language that the cabinet writes in.",
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
    "Why something about a profile was refused. Codes never change.",
    CODE_EXPIRED="The code is too old, or none was sent to this number: `phoneCodeSend`.",
    CONSENT_NOT_GIVEN="It wasn't given, or is withdrawn already.",
    CONSENT_REQUIRED="The cabinet stands on it: `erasureRequest` withdraws it and closes it.",
    CONSENT_OUTDATED="Not the current version: show `publicSettings.consentDocuments` again.",
    ERASURE_NOT_FOUND="There is nothing to take back, or it is too late.",
    ERASURE_REQUESTED="It was asked for already.",
    PASSWORD_WRONG="The password, asked again to be sure, is another.",
    CODE_WRONG="It isn't the code that was sent last.",
    NAME_MALFORMED="A name is missing, too long, or holds something that names don't.",
    PATRONYMIC_UNCLEAR="Neither a patronymic nor the word that there is none, or both.",
    PHONE_CONFIRMED="The number is confirmed already.",
    PHONE_MALFORMED="Not a Russian telephone number; see `publicSettings.phoneForms`.",
    PHONE_NOT_MOBILE="Only a mobile number can take an SMS.",
    SMS_UNAVAILABLE="The company doesn't send SMS so far; see `publicSettings.sendsSms`.",
    TOO_MANY_TRIES="A limit is used up: wait until `retryAt`.",
)
choices(
    ErasureState,
    "What became of a wish to be forgotten.",
    WAITING="It will be done at `startsAt`; until then it can be taken back.",
    WITHDRAWN="It was taken back.",
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
    "How far an export of personal data is.",
    WAITING="It is being collected; a mail says when it is there.",
    READY="It can be downloaded until `expiresAt`.",
    ENDED="The archive is deleted, or could not be made: ask for another.",
)
labels(
    PersonalDataExportState,
    WAITING=("Готовится", "Being prepared"),
    READY=("Готова", "Ready"),
    ENDED=("Удалена", "Deleted"),
)


@reads(models.ErasureRequest, prefix="ers", owned_through="user")
class ErasureRequest(Node):
    """A withdrawn consent, after which everything that names you is destroyed («отзыв согласия»).

    Bills and payments stay, and name nobody any more; the contract for energy goes on.
    """

    state: models.ErasureState = column("What became of it.")
    requested_at: datetime = column("When you asked.")
    starts_at: datetime = column("When it is done, unless you take it back before.")
    due_on: date = column("By when the law wants it done.")
    closed_at: datetime | None = column("When it was done or taken back.")


def download_url(
    id: UUID,
    state: models.PersonalDataExportState,
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if state is not models.PersonalDataExportState.READY:
        return None
    return ROUTE.url(id, session, now=now, public_url=company.public_url, links=links)


@reads(models.PersonalDataExport, prefix="pde", owned_through="user")
class PersonalDataExport(Node):
    """All that is kept of you, as a ZIP of JSON, your files and your receipts («выгрузка»)."""

    state: models.PersonalDataExportState = column("How far it is.")
    requested_at: datetime = column("When you asked.")
    made_at: datetime | None = column("When it was made; null until then.")
    expires_at: datetime = column("When the archive is deleted; while it waits, made by when.")
    download_url: Url | None = derived(
        "Where to get it, for ten minutes and as long as the session lasts. Null unless it is"
        " READY; staff who view the cabinet get nothing there.",
        download_url,
    )
