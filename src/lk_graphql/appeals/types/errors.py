"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.reads.declare import choices

choices(
    AppealErrorCode,
    "Why something about an appeal was refused. Codes never change.",
    APPEAL_CLOSED="It is closed: reopen it, or send a new one.",
    APPEAL_NOT_ANSWERED="Nobody has answered it yet, so there is nothing to rate.",
    APPEAL_NOT_CLOSED="It isn't closed, so it can't be reopened: reply instead.",
    APPEAL_NOT_FOUND="There is no such appeal among yours.",
    APPEAL_TAKEN="Another clerk has it. Said to staff only.",
    ATTACHMENT_UNUSABLE="A file isn't yours, isn't ready, or was used; `path` has its place.",
    COLLEAGUE_NOT_FOUND="No such member of staff, or locked out. Said to staff only.",
    IDEMPOTENCY_CONFLICT="The key was used with another input.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters.",
    NAME_NOT_HIDEABLE="The topic doesn't allow it; see `mayHideName`.",
    RATING_INVALID="A rating is from 1 to 5.",
    REOPENING_TOO_LATE="It was closed more than 30 days ago.",
    SUBJECT_NOT_FOUND="What it is about isn't there, or isn't yours.",
    TERM_INVALID="A term has 1 to 365 days and a reference. Said to staff only.",
    TEXT_INVALID="A text has 1 to 10,000 characters and no control characters.",
    TOO_MANY_ATTACHMENTS="At most 10 files go with a message.",
    TOO_MANY_TRIES="Wait until `retryAt`.",
    TOPIC_FIXED="The manual's ten keep their names and places. Said to staff only.",
    TOPIC_KNOWN="Another topic has this name. Said to staff only.",
    TOPIC_NOT_FOUND="There is no such topic; see `appealTopics`.",
)


@object_type
class AppealError(UserError):
    """Why something about an appeal was refused."""

    code: AppealErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="When to try again; only with `TOO_MANY_TRIES`."
    )
