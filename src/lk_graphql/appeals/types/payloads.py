"""Payloads and errors of the appeal mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.appeals.types.objects import Appeal, AppealMessage
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.planner.types import choices

choices(
    AppealErrorCode,
    "The reason for refusing an operation on an appeal. Codes never change.",
    APPEAL_CLOSED="The appeal is closed: reopen it, or send a new one.",
    APPEAL_NOT_ANSWERED="The appeal has no answer to rate yet.",
    APPEAL_NOT_CLOSED="The appeal isn't closed, and can't be reopened: reply instead.",
    APPEAL_NOT_FOUND="The customer has no such appeal.",
    APPEAL_TAKEN="A colleague has the appeal. Returned to staff only.",
    ATTACHMENT_UNUSABLE=(
        "A file isn't the customer's, isn't ready, or was used; `path` has its position."
    ),
    COLLEAGUE_NOT_FOUND=(
        "The member of staff doesn't exist or is locked out. Returned to staff only."
    ),
    IDEMPOTENCY_CONFLICT="The key was used for another request: choose a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is suitable.",
    NAME_NOT_HIDEABLE="The topic doesn't allow hiding the name; see `mayHideName`.",
    RATING_INVALID="The rating isn't from 1 to 5.",
    REOPENING_TOO_LATE="The appeal was closed more than 30 days ago.",
    SUBJECT_NOT_FOUND="The subject doesn't exist, or isn't the customer's.",
    TERM_INVALID="The term doesn't have 1 to 365 days and a reference. Returned to staff only.",
    TEXT_INVALID="The text doesn't have 1 to 10,000 characters, or has control characters.",
    TOO_MANY_ATTACHMENTS="The message has more than 10 files.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
    TOPIC_FIXED="The ten original topics keep their titles and positions. Returned to staff only.",
    TOPIC_KNOWN="The title belongs to another topic. Returned to staff only.",
    TOPIC_NOT_FOUND="The topic doesn't exist; see `appealTopics`.",
)


@object_type
class AppealError(UserError):
    """A refusal of an operation on an appeal."""

    code: AppealErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class AppealCreatePayload(ViewerPayload):
    """The result of `appealCreate`."""

    appeal: Appeal | None = outcome("The appeal with its number.")
    errors: list[AppealError] = errors()


@object_type
class AppealReplyPayload(ViewerPayload):
    """The result of `appealReply`."""

    message: AppealMessage | None = outcome("The added message.")
    errors: list[AppealError] = errors()


@object_type
class AppealMarkReadPayload(ViewerPayload):
    """The result of `appealMarkRead`."""

    appeal: Appeal | None = outcome("The appeal, for selecting `unreadMessages` again.")
    errors: list[AppealError] = errors()


@object_type
class AppealClosePayload(ViewerPayload):
    """The result of `appealClose`."""

    appeal: Appeal | None = outcome("The closed appeal.")
    errors: list[AppealError] = errors()


@object_type
class AppealReopenPayload(ViewerPayload):
    """The result of `appealReopen`."""

    appeal: Appeal | None = outcome("The reopened appeal, which awaits an answer.")
    errors: list[AppealError] = errors()


@object_type
class AppealRatePayload(ViewerPayload):
    """The result of `appealRate`."""

    appeal: Appeal | None = outcome("The appeal with its rating.")
    errors: list[AppealError] = errors()
