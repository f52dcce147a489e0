"""What mutations about appeals answer."""

from typing import Any

import strawberry

from lk_graphql.appeals.types.errors import AppealError
from lk_graphql.appeals.types.objects import Appeal, AppealMessage


def outcome(description: str) -> Any:
    return strawberry.field(default=None, description=f"{description} Null when it was refused.")


def errors() -> Any:
    return strawberry.field(
        default_factory=list[AppealError], description="Why not; empty when it was done."
    )


@strawberry.type(description="The outcome of `appealCreate`.")
class AppealCreatePayload:
    appeal: Appeal | None = outcome("The appeal with its number.")
    errors: list[AppealError] = errors()


@strawberry.type(description="The outcome of `appealReply`.")
class AppealReplyPayload:
    message: AppealMessage | None = outcome("What was added.")
    errors: list[AppealError] = errors()


@strawberry.type(description="The outcome of `appealMarkRead`.")
class AppealMarkReadPayload:
    appeal: Appeal | None = outcome("The appeal: ask for `unreadMessages` again.")
    errors: list[AppealError] = errors()


@strawberry.type(description="The outcome of `appealClose`.")
class AppealClosePayload:
    appeal: Appeal | None = outcome("The appeal, closed.")
    errors: list[AppealError] = errors()


@strawberry.type(description="The outcome of `appealReopen`.")
class AppealReopenPayload:
    appeal: Appeal | None = outcome("The appeal, waiting for an answer again.")
    errors: list[AppealError] = errors()


@strawberry.type(description="The outcome of `appealRate`.")
class AppealRatePayload:
    appeal: Appeal | None = outcome("The appeal with its rating.")
    errors: list[AppealError] = errors()
