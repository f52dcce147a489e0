"""Registry of personal data: its listing and erasure by slice; the data of the login itself.

A slice's `hooks.register` adds its `PersonalData` to `REGISTRY`, in the server and in the worker
alike.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from lk_graphql.database import SLICES
from lk_graphql.identity.models import IdempotentCall, OneTimeLink, Session
from lk_graphql.kit.registry import Registry
from lk_graphql.ports.jobs import JobContext
from lk_graphql.profile.models import PersonalDataExport, PhoneProof


@dataclass(frozen=True)
class DataListing:
    """Rows of somebody's, each as a JSON object.

    `sql` selects a key, by which they are ordered, and the object; $1 is the person. `name` is
    what the list is called in the export. Sums are rubles, times have their offset.
    """

    name: str
    sql: str


class DataAttachment(NamedTuple):
    """A file of the export: where it lies in the archive, and its bytes, in pieces."""

    path: str
    content: AsyncIterator[bytes]


@dataclass(frozen=True)
class DataEraser:
    """Destroys what names a person, inside the transaction of the erasure, and counts the rows.

    `what` stands in the protocol. It is not deletion where the law wants the rows kept: then
    they stay and name nobody.
    """

    what: str
    erase: Callable[[UUID, datetime], Awaitable[int]]
    deletes: bool = True


@dataclass(frozen=True)
class PersonalData:
    """All that one slice keeps of people."""

    listings: tuple[DataListing, ...] = ()
    attachments: Callable[[UUID, JobContext], AsyncIterator[DataAttachment]] | None = None
    erasers: tuple[DataEraser, ...] = ()


REGISTRY = Registry[str, PersonalData]()
"""By slice."""


def of_all_slices() -> list[PersonalData]:
    """In the order of the slices: a later slice's rows point to an earlier one's."""
    return [REGISTRY[name] for name in SLICES if name in REGISTRY]


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
    """Their archives are deleted by the next sweep, which finds the rows."""
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
        DataListing("profile", _PROFILE),
        DataListing("consents", _CONSENTS),
        DataListing("sessions", _SESSIONS),
        DataListing("phones", _PHONES),
        DataListing("erasure_requests", _ERASURES),
        DataListing("exports", _EXPORTS),
    ),
    erasers=(
        DataEraser("personal_data_export", _erase_exports),
        DataEraser("phone_proof", _erase_phones),
        DataEraser("one_time_link", _erase_links),
        DataEraser("idempotent_call", _erase_calls),
        DataEraser("session", _erase_sessions),
    ),
)
