"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.notifications.errors import NotificationErrorCode
from lk_graphql.reads.declare import choices

choices(
    NotificationErrorCode,
    "Why something about notices was refused. Codes never change.",
    NOTICE_NOT_FOUND="There is no such notice among yours.",
    TOO_MANY_NOTICES="At most 100 notices at a time.",
)


@strawberry.type(description="Why something about notices was refused.")
class NotificationError(UserError):
    code: NotificationErrorCode = strawberry.field(description="The reason, for programs.")
