"""Registry of personal data by slice, and the personal data of the login itself.

`hooks.register` of a slice adds its `PersonalData` to `PERSONAL_DATA_SOURCES`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.database import SLICES
from lk_graphql.identity.models import (
    ConsentAction,
    DocumentKind,
    IdempotentCall,
    OneTimeLink,
    Session,
)
from lk_graphql.kit.enum_labels import russian
from lk_graphql.kit.languages import Language
from lk_graphql.kit.registry import Registry
from lk_graphql.ports.jobs import JobContext
from lk_graphql.profile.models import (
    ErasureState,
    PersonalDataExport,
    PersonalDataExportState,
    PhoneProof,
)

Words = Mapping[Any, str]
"""Words by value; members of a StrEnum equal their texts."""


@dataclass(frozen=True)
class DataListing:
    """A query for rows of one user, each as a JSON object.

    `sql` selects a sort key and the object; $1 is the user's id. `name` is the file name in the
    export, `title` its Russian name in the index. Sums are rubles as text, as in the API; times
    carry an offset. `values` are the words of coded values in the index, by the path of their
    field (`lines.zone`): an enum with labels, or Russian words by value.
    """

    name: str
    title: str
    sql: str
    values: Mapping[str, type[Enum] | Words] = field(
        default_factory=dict[str, type[Enum] | Words], hash=False
    )

    def words(self) -> dict[str, Words]:
        """The Russian words of coded values, by the path of their field."""
        return {
            path: words if isinstance(words, Mapping) else russian(words)
            for path, words in self.values.items()
        }


class DataAttachment(NamedTuple):
    """A file of the export: its path in the archive and its content in chunks."""

    path: str
    content: AsyncIterator[bytes]


@dataclass(frozen=True)
class DataEraser:
    """Eraser of one kind of personal data, called in the transaction of the erasure.

    `erase` returns the number of rows; `what` names them in the protocol. `deletes` is False if
    the law requires that the rows are kept; they are anonymized instead.
    """

    what: str
    erase: Callable[[UUID, datetime], Awaitable[int]]
    deletes: bool = True


@dataclass(frozen=True)
class PersonalData:
    """Personal data of one slice: listings, attachments and erasers."""

    listings: tuple[DataListing, ...] = ()
    attachments: Callable[[UUID, JobContext], AsyncIterator[DataAttachment]] | None = None
    erasers: tuple[DataEraser, ...] = ()


PERSONAL_DATA_SOURCES = Registry[str, PersonalData]()
"""The personal data of each slice."""


def of_all_slices() -> list[PersonalData]:
    """Return the registered data in the order of the slices."""
    return [PERSONAL_DATA_SOURCES[name] for name in SLICES if name in PERSONAL_DATA_SOURCES]


_PROFILE = """
SELECT id, json_build_object(
    'email', email, 'phone', phone, 'lastName', last_name, 'firstName', first_name,
    'patronymic', patronymic, 'language', preferred_language, 'registeredAt', created_at,
    'activatedAt', activated_at, 'passwordChangedAt', password_changed_at)
FROM "user" WHERE id = $1
"""
_CONSENTS = """
SELECT consent.id, json_build_object(
    'action', action, 'document', kind, 'version', version, 'title', title,
    'textSha256', text_sha256, 'happenedAt', happened_at,
    'clientAddress', client_address, 'userAgent', user_agent)
FROM consent JOIN document ON document.id = consent.document_id WHERE consent.user_id = $1
"""
_SESSIONS = """
SELECT id, json_build_object(
    'createdAt', created_at, 'expiresAt', expires_at, 'endedAt', ended_at,
    'clientAddress', client_address, 'userAgent', user_agent)
FROM session WHERE user_id = $1 AND staff_id IS NULL
"""
_PHONES = """
SELECT id, json_build_object(
    'phone', phone, 'codeSentAt', created_at, 'confirmedAt', confirmed_at)
FROM phone_proof WHERE user_id = $1
"""
_ERASURES = """
SELECT id, json_build_object(
    'state', state, 'requestedAt', requested_at, 'startsAt', starts_at, 'dueOn', due_on,
    'closedAt', closed_at)
FROM erasure_request WHERE user_id = $1
"""
_EXPORTS = """
SELECT id, json_build_object('requestedAt', requested_at, 'madeAt', made_at, 'state', state)
FROM personal_data_export WHERE user_id = $1
"""


async def _erase_exports(user_id: UUID, now: datetime) -> int:
    """Expire the exports; the next sweep deletes their archives."""
    return await PersonalDataExport.filter(user_id=user_id).update(expires_at=now)


async def _erase_phones(user_id: UUID, _: datetime) -> int:
    return await PhoneProof.filter(user_id=user_id).delete()


async def _erase_links(user_id: UUID, _: datetime) -> int:
    return await OneTimeLink.filter(user_id=user_id).delete()


async def _erase_calls(user_id: UUID, _: datetime) -> int:
    return await IdempotentCall.filter(user_id=user_id).delete()


async def _erase_sessions(user_id: UUID, _: datetime) -> int:
    return await Session.filter(user_id=user_id).delete()


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing("profile", "Профиль", _PROFILE, {"language": Language}),
        DataListing(
            "consents", "Согласия", _CONSENTS, {"action": ConsentAction, "document": DocumentKind}
        ),
        DataListing("sessions", "Входы в кабинет", _SESSIONS),
        DataListing("phones", "Подтверждения телефона", _PHONES),
        DataListing(
            "erasure-requests", "Запросы на удаление данных", _ERASURES, {"state": ErasureState}
        ),
        DataListing(
            "data-exports", "Выгрузки данных", _EXPORTS, {"state": PersonalDataExportState}
        ),
    ),
    erasers=(
        DataEraser("personal_data_export", _erase_exports),
        DataEraser("phone_proof", _erase_phones),
        DataEraser("one_time_link", _erase_links),
        DataEraser("idempotent_call", _erase_calls),
        DataEraser("session", _erase_sessions),
    ),
)
