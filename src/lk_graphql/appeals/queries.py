"""Root fields of appeals."""

from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.appeals.types.objects import Appeal, AppealTopic
from lk_graphql.planner.types import Query, by_id, extends, listed


@open_to(Access.ANYONE)
@extends(Query)
class AppealsQuery:
    """Topics of appeals."""

    appeal_topics: list[AppealTopic] = listed(
        "The available topics, in the order of display («Тема»).",
        order_by="position",
        where={"is_offered": True},
    )


@open_to(Access.CUSTOMER)
@extends(Query)
class AppealQuery:
    """An appeal by its id."""

    appeal: Appeal | None = by_id("One of the customer's appeals by its id; null if there is none.")
