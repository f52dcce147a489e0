"""What mutations about notices answer."""

from typing import Any

import strawberry

from lk_graphql.identity.types.objects import User
from lk_graphql.notifications.models import NoticeTopic
from lk_graphql.notifications.types.errors import NotificationError


def outcome(description: str) -> Any:
    return strawberry.field(default=None, description=f"{description} Null when it was refused.")


def errors() -> Any:
    return strawberry.field(
        default_factory=list[NotificationError], description="Why not; empty when it was done."
    )


@strawberry.type(description="The outcome of `noticesMarkRead`.")
class NoticesMarkReadPayload:
    viewer: User | None = outcome("Whose notices they are: ask for `unreadNotices` again.")
    errors: list[NotificationError] = errors()


@strawberry.type(description="The outcome of `notificationSettingsUpdate`.")
class NotificationSettingsUpdatePayload:
    viewer: User | None = outcome("The person, with `notificationSettings` as saved.")
    errors: list[NotificationError] = errors()


@strawberry.type(description="The outcome of `notificationsUnsubscribe`.")
class NotificationsUnsubscribePayload:
    topic: NoticeTopic | None = outcome("What no mails come about any more.")
    errors: list[NotificationError] = errors()


@strawberry.type(description="The outcome of `calendarFeedSwitch`.")
class CalendarFeedSwitchPayload:
    viewer: User | None = outcome("The person, with `calendarUrl`.")
    errors: list[NotificationError] = errors()
