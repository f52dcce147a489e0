"""What mutations about appeals answer."""

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type
from lk_graphql.appeals.types.errors import AppealError
from lk_graphql.appeals.types.objects import Appeal, AppealMessage


@object_type
class AppealCreatePayload:
    """The outcome of `appealCreate`."""

    appeal: Appeal | None = outcome("The appeal with its number.")
    errors: list[AppealError] = errors()


@object_type
class AppealReplyPayload:
    """The outcome of `appealReply`."""

    message: AppealMessage | None = outcome("What was added.")
    errors: list[AppealError] = errors()


@object_type
class AppealMarkReadPayload:
    """The outcome of `appealMarkRead`."""

    appeal: Appeal | None = outcome("The appeal: ask for `unreadMessages` again.")
    errors: list[AppealError] = errors()


@object_type
class AppealClosePayload:
    """The outcome of `appealClose`."""

    appeal: Appeal | None = outcome("The appeal, closed.")
    errors: list[AppealError] = errors()


@object_type
class AppealReopenPayload:
    """The outcome of `appealReopen`."""

    appeal: Appeal | None = outcome("The appeal, waiting for an answer again.")
    errors: list[AppealError] = errors()


@object_type
class AppealRatePayload:
    """The outcome of `appealRate`."""

    appeal: Appeal | None = outcome("The appeal with its rating.")
    errors: list[AppealError] = errors()
