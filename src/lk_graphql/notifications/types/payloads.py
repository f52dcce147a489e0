"""Payloads and errors of the notification mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.notifications.errors import NotificationErrorCode
from lk_graphql.notifications.models import NoticeTopic
from lk_graphql.planner.types import choices

# ruff: noqa: S106 - codes with TOKEN in their names, not passwords


choices(
    NotificationErrorCode,
    "The reason for refusing an operation on notices. Codes never change.",
    ACCOUNT_NOT_FOUND="The customer has no such account.",
    CONSENT_OUTDATED=(
        "The consent to SMS is missing or to another version: show "
        "`publicSettings.consentDocuments` again."
    ),
    CALENDAR_NOT_FOUND="There is no calendar to delete.",
    PHONE_NOT_CONFIRMED="SMS require a confirmed number: confirm it by `phoneConfirm`.",
    QUIET_HOURS_INVALID="A time isn't in the form `22:00`, or the two are equal.",
    TOO_MANY_ACCOUNTS="There are more than 50 accounts.",
    TOO_MANY_TRIES="SMS were switched on too often: wait until `retryAt`.",
    UNSUBSCRIBE_TOKEN_INVALID="The link in the mail is expired, or wasn't issued by the server.",
    NOTICE_NOT_FOUND="The customer has no such notice.",
    TOO_MANY_NOTICES="There are more than 100 notices.",
)


@object_type
class NotificationError(UserError):
    """A refusal of an operation on notices."""

    code: NotificationErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class NoticesMarkReadPayload(ViewerPayload):
    """The result of `noticesMarkRead`."""

    errors: list[NotificationError] = errors()


@object_type
class NotificationSettingsUpdatePayload(ViewerPayload):
    """The result of `notificationSettingsUpdate`."""

    errors: list[NotificationError] = errors()


@object_type
class NotificationsUnsubscribePreview:
    """The subscription that a link in a mail ends."""

    topic: NoticeTopic = strawberry.field(description="The topic of the mails.")
    masked_email: str = strawberry.field(
        description="The masked e-mail address, `m***@example.ru`."
    )


@object_type
class NotificationsUnsubscribePayload:
    """The result of `notificationsUnsubscribe`."""

    topic: NoticeTopic | None = outcome("The topic that is no longer sent by mail.")
    errors: list[NotificationError] = errors()


@object_type
class CalendarFeedSwitchPayload(ViewerPayload):
    """The result of `calendarFeedSwitch`."""

    errors: list[NotificationError] = errors()
