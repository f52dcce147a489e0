"""Root field `staff`."""

from lk_graphql.api.root_fields import Access, open_to
from lk_graphql.backoffice.types.root import Staff
from lk_graphql.planner.types import Query, current_staff, extends


@open_to(Access.CLERK)
@extends(Query)
class StaffQuery:
    """The back office."""

    staff: Staff | None = current_staff(
        "The back office («рабочее место сотрудника»); null for customers and guests."
    )
