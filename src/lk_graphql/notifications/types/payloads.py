"""What mutations about notices answer."""

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type
from lk_graphql.identity.types.objects import User
from lk_graphql.notifications.models import NoticeTopic
from lk_graphql.notifications.types.errors import NotificationError


@object_type
class NoticesMarkReadPayload:
    """The outcome of `noticesMarkRead`."""

    viewer: User | None = outcome("Whose notices they are: ask for `unreadNotices` again.")
    errors: list[NotificationError] = errors()


@object_type
class NotificationSettingsUpdatePayload:
    """The outcome of `notificationSettingsUpdate`."""

    viewer: User | None = outcome("The person, with `notificationSettings` as saved.")
    errors: list[NotificationError] = errors()


@object_type
class NotificationsUnsubscribePayload:
    """The outcome of `notificationsUnsubscribe`."""

    topic: NoticeTopic | None = outcome("What no mails come about any more.")
    errors: list[NotificationError] = errors()


@object_type
class CalendarFeedSwitchPayload:
    """The outcome of `calendarFeedSwitch`."""

    viewer: User | None = outcome("The person, with `calendarUrl`.")
    errors: list[NotificationError] = errors()
