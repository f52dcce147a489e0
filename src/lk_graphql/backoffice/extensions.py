"""Fields that the back office adds to `User` and `StaffCustomer`."""

from lk_graphql.backoffice.types.customers import StaffCustomer
from lk_graphql.backoffice.types.notices import StaffNotice
from lk_graphql.backoffice.types.payments import StaffPayment
from lk_graphql.identity.types.objects import User
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages
from lk_graphql.staff.types import AccessNote


@extends(User)
class UserAccessLog:
    """Staff access to the customer's data."""

    access_log: Connection[AccessNote] = pages(
        "When staff saw your data, and why («журнал доступа»), the newest first.",
        of="access_notes",
        by="-happened_at",
    )


@extends(StaffCustomer)
class StaffCustomerPayments:
    """Payments of the customer."""

    payments: Connection[StaffPayment] = pages(
        "What this customer has paid here, the newest first.", by="-created_at"
    )


@extends(StaffCustomer)
class StaffCustomerNotices:
    """Notices to the customer."""

    notices: Connection[StaffNotice] = pages(
        "What the cabinet told this customer, the newest first.", by="-created_at"
    )
