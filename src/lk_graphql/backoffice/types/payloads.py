"""Payloads of the staff mutations."""

from datetime import datetime

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.types.customers import StaffAccount, StaffAccountLink, StaffCustomer
from lk_graphql.staff.types.objects import StaffError


@object_type
class StaffCustomerLockPayload:
    """What became of a lock."""

    customer: StaffCustomer | None = outcome("The customer, locked out.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerUnlockPayload:
    """What became of the end of a lock."""

    customer: StaffCustomer | None = outcome("The customer, let in again.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerSessionsEndPayload:
    """What became of a customer's sessions."""

    customer: StaffCustomer | None = outcome("The customer, signed out everywhere.")
    errors: list[StaffError] = errors()


@object_type
class StaffActivationResendPayload:
    """What became of another activation mail."""

    customer: StaffCustomer | None = outcome("The customer, to whom a mail is on its way.")
    errors: list[StaffError] = errors()


@object_type
class StaffContactsShowPayload:
    """How to reach a customer."""

    email: str | None = outcome("The login.")
    phone: str | None = outcome("The telephone number.")
    errors: list[StaffError] = errors()


@object_type
class StaffCabinetOpenPayload:
    """A look at a cabinet."""

    token: str | None = outcome(
        "For `Authorization: Bearer …`: it reads what the customer reads, and changes nothing. "
        "It is shown this once."
    )
    expires_at: datetime | None = outcome("When it ends.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkRestorePayload:
    """What became of a suspended link."""

    link: StaffAccountLink | None = outcome("The link, which shows the account again.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkEndPayload:
    """What became of a suspended link."""

    link: StaffAccountLink | None = outcome("The link, which has ended.")
    errors: list[StaffError] = errors()


@object_type
class StaffHouseholdRecordPayload:
    """What became of a record of a household."""

    account: StaffAccount | None = outcome("The account.")
    errors: list[StaffError] = errors()


@object_type
class StaffHouseholdRevokePayload:
    """What became of the end of such a record."""

    account: StaffAccount | None = outcome("The account.")
    errors: list[StaffError] = errors()
