"""What the login itself is, told and destroyed."""

from datetime import datetime
from uuid import UUID

from lk_graphql.identity.models import IdempotentCall, OneTimeLink, Session
from lk_graphql.profile.models import PersonalDataExport, PhoneProof
from lk_graphql.profile.service.dossiers import Dossier, Eraser, Listing

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


async def _forget_exports(user_id: UUID, now: datetime) -> int:
    """Their archives are deleted by the next sweep, which finds the rows."""
    return await PersonalDataExport.filter(user_id=user_id).update(expires_at=now)


async def _forget_phones(user_id: UUID, _: datetime) -> int:
    return await PhoneProof.filter(user_id=user_id).delete()


async def _forget_links(user_id: UUID, _: datetime) -> int:
    return await OneTimeLink.filter(user_id=user_id).delete()


async def _forget_calls(user_id: UUID, _: datetime) -> int:
    return await IdempotentCall.filter(user_id=user_id).delete()


async def _forget_sessions(user_id: UUID, _: datetime) -> int:
    return await Session.filter(user_id=user_id).delete()


DOSSIER = Dossier(
    listings=(
        Listing("profile", _PROFILE),
        Listing("consents", _CONSENTS),
        Listing("sessions", _SESSIONS),
        Listing("phones", _PHONES),
        Listing("erasure_requests", _ERASURES),
        Listing("exports", _EXPORTS),
    ),
    erasers=(
        Eraser("personal_data_export", _forget_exports),
        Eraser("phone_proof", _forget_phones),
        Eraser("one_time_link", _forget_links),
        Eraser("idempotent_call", _forget_calls),
        Eraser("session", _forget_sessions),
    ),
)
