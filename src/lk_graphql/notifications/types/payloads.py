"""Payloads and errors of the notification mutations."""

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.notifications.errors import NotificationErrorCode
from lk_graphql.notifications.models import NoticeTopic
from lk_graphql.planner.types import choices

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords


choices(
    NotificationErrorCode,
    "Why something about notices was refused. Codes never change.",
    ACCOUNT_NOT_FOUND="There is no such account among yours.",
    CONSENT_OUTDATED="No consent to SMS came along, or one to another version: show"
    " `publicSettings.consentDocuments` again.",
    CALENDAR_NOT_FOUND="There is no calendar to end.",
    PHONE_NOT_CONFIRMED="No SMS before `phoneConfirm` has shown whose number it is.",
    QUIET_HOURS_INVALID="Times look like `22:00`, and the two differ.",
    TOO_MANY_ACCOUNTS="At most 50 accounts at a time.",
    UNSUBSCRIBE_TOKEN_INVALID="The link in the mail is too old, or was never ours.",
    NOTICE_NOT_FOUND="There is no such notice among yours.",
    TOO_MANY_NOTICES="At most 100 notices at a time.",
)


@object_type
class NotificationError(UserError):
    """Why something about notices was refused."""

    code: NotificationErrorCode = strawberry.field(description="The reason, for programs.")


@object_type
class NoticesMarkReadPayload(ViewerPayload):
    """The outcome of `noticesMarkRead`."""

    errors: list[NotificationError] = errors()


@object_type
class NotificationSettingsUpdatePayload(ViewerPayload):
    """The outcome of `notificationSettingsUpdate`."""

    errors: list[NotificationError] = errors()


@object_type
class NotificationsUnsubscribePreview:
    """What a link in a mail unsubscribes from."""

    topic: NoticeTopic = strawberry.field(description="The topic of the mails.")
    masked_email: str = strawberry.field(description="The address: `m***@example.ru`.")


@object_type
class NotificationsUnsubscribePayload:
    """The outcome of `notificationsUnsubscribe`."""

    topic: NoticeTopic | None = outcome("What no mails come about any more.")
    errors: list[NotificationError] = errors()


@object_type
class CalendarFeedSwitchPayload(ViewerPayload):
    """The outcome of `calendarFeedSwitch`."""

    errors: list[NotificationError] = errors()
