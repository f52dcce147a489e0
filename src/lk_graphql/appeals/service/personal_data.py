"""Personal data of appeals: threads with the files of both sides."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.models import (
    Appeal,
    AppealAttachment,
    AppealState,
    Direction,
    SubjectKind,
)
from lk_graphql.ports.jobs import JobContext
from lk_graphql.profile.service.personal_data import (
    DataAttachment,
    DataEraser,
    DataListing,
    PersonalData,
)
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import release
from lk_graphql.uploads.service.personal_data import entry

_APPEALS = """
SELECT appeal.id, json_build_object(
    'number', number, 'topic', topic.title, 'state', state, 'hidesName', hides_name,
    'about', subject_kind, 'aboutFacts', CASE WHEN subject_facts ? 'amount'
        THEN jsonb_set(subject_facts, '{amount}',
            to_jsonb(round((subject_facts ->> 'amount')::numeric / 100, 2)::text))
        ELSE subject_facts END,
    'createdAt', created_at, 'dueOn', due_on, 'answeredAt', answered_at, 'closedAt', closed_at,
    'rating', rating,
    'messages', (SELECT coalesce(json_agg(json_build_object(
        'direction', direction, 'text', text, 'createdAt', message.created_at,
        'readAt', read_at, 'files', (SELECT coalesce(json_agg(upload.name ORDER BY file.position),
            '[]') FROM appeal_attachment AS file JOIN upload ON upload.id = file.upload_id
            WHERE file.message_id = message.id)) ORDER BY message.number), '[]')
        FROM appeal_message AS message WHERE message.appeal_id = appeal.id))
FROM appeal JOIN appeal_topic AS topic ON topic.id = appeal.topic_id WHERE appeal.user_id = $1
"""


async def attachments(user_id: UUID, context: JobContext) -> AsyncIterator[DataAttachment]:
    """Yield the files sent by staff; the customer's own are listed with their uploads."""
    uploads = Upload.filter(appeal_attachment__message__appeal__user_id=user_id)
    for upload in await uploads.filter(user_id__isnull=True).order_by("id"):
        yield DataAttachment(entry(upload), context.ports.files.get(upload.path))


async def erase_appeals(user_id: UUID, now: datetime) -> int:
    """Delete the user's appeals with messages, notes and files; return their number.

    Files sent by staff are deleted too.
    """
    files = AppealAttachment.filter(message__appeal__user_id=user_id)
    keys = await files.values_list("upload_id", flat=True)
    count = await Appeal.filter(user_id=user_id).delete()
    await release([key for key in keys if isinstance(key, UUID)], now=now)
    return count


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "appeals",
            "Обращения",
            _APPEALS,
            {"state": AppealState, "about": SubjectKind, "messages.direction": Direction},
        ),
    ),
    attachments=attachments,
    erasers=(DataEraser("appeal", erase_appeals),),
)
