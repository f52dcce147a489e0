"""Payloads and errors of the appeal mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.appeals.types.objects import Appeal, AppealMessage
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.planner.types import choices

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


@object_type
class AppealCreatePayload(ViewerPayload):
    """The outcome of `appealCreate`."""

    appeal: Appeal | None = outcome("The appeal with its number.")
    errors: list[AppealError] = errors()


@object_type
class AppealReplyPayload(ViewerPayload):
    """The outcome of `appealReply`."""

    message: AppealMessage | None = outcome("What was added.")
    errors: list[AppealError] = errors()


@object_type
class AppealMarkReadPayload(ViewerPayload):
    """The outcome of `appealMarkRead`."""

    appeal: Appeal | None = outcome("The appeal: ask for `unreadMessages` again.")
    errors: list[AppealError] = errors()


@object_type
class AppealClosePayload(ViewerPayload):
    """The outcome of `appealClose`."""

    appeal: Appeal | None = outcome("The appeal, closed.")
    errors: list[AppealError] = errors()


@object_type
class AppealReopenPayload(ViewerPayload):
    """The outcome of `appealReopen`."""

    appeal: Appeal | None = outcome("The appeal, waiting for an answer again.")
    errors: list[AppealError] = errors()


@object_type
class AppealRatePayload(ViewerPayload):
    """The outcome of `appealRate`."""

    appeal: Appeal | None = outcome("The appeal with its rating.")
    errors: list[AppealError] = errors()
