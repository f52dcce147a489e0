"""Wishes to be forgotten, declared over the model."""

from datetime import date, datetime

from lk_graphql.profile import models
from lk_graphql.reads.declare import column, reads


@reads(models.ErasureRequest)
class ErasureRequest:
    """A withdrawn consent, after which everything that names you is destroyed («отзыв согласия»).

    Bills and payments stay, and name nobody any more; the contract for energy goes on.
    """

    state: models.ErasureState = column("What became of it.")
    requested_at: datetime = column("When you asked.")
    starts_at: datetime = column("When it is done, unless you take it back before.")
    due_on: date = column("By when the law wants it done.")
    closed_at: datetime | None = column("When it was done or taken back.")
