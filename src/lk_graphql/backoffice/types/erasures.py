"""Wishes to be forgotten as administrators see them, with the protocols of what was destroyed."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role
from lk_graphql.profile import models
from lk_graphql.reads.declare import (
    EVER,
    StaffOnly,
    column,
    derived,
    expression,
    reads,
    related,
)

ADMIN = StaffOnly(Role.ADMIN)
WAITING = {"state": models.ErasureState.WAITING.value}
CLOSED = {"closed_at": EVER}


def customer_id(user_id: UUID) -> str:
    return to_public("scu", user_id)


def is_overdue(state: models.ErasureState, due_on: date, today: date) -> bool:
    return state == models.ErasureState.WAITING and due_on < today


@reads(models.Destroyed, owned_through=ADMIN)
class StaffDestroyed:
    """A line of the protocol («акт об уничтожении»); it never changes, and names nobody."""

    what: str = column("The kind of data: `appeal`, `upload`, `payment`, ….")
    rows: int = column("How many of them there were.")
    was_deleted: bool = column(
        "True: they were deleted («уничтожено»). False: the law wants them kept, so they stay and "
        "name nobody («обезличено»)."
    )
    happened_at: datetime = column("When it was done.")


@reads(models.ErasureRequest, owned_through=ADMIN)
class StaffErasureRequest:
    """A withdrawn consent, after which what names the person is destroyed («отзыв согласия»)."""

    customer_id: str = derived(
        "Whose it is, for `node` as a `StaffCustomer`: once it is DONE, that names nobody.",
        customer_id,
    )
    state: models.ErasureState = column("What became of it.")
    requested_at: datetime = column("When they asked.")
    starts_at: datetime = column("When it is done; until then they may take it back.")
    due_on: date = column("By when the law wants it done («срок уничтожения»).")
    is_overdue: bool = expression(
        "Whether that day has passed and it still isn't done.",
        sql="{state} = 'WAITING' AND {due_on} < {today}",
        python=is_overdue,
    )
    closed_at: datetime | None = column("When it was done or taken back; null while it waits.")
    protocol: list[StaffDestroyed] = related(
        "What was destroyed, line by line; empty unless it is DONE.", order_by="what"
    )
