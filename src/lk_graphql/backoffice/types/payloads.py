"""Payloads of the staff mutations."""

from datetime import datetime

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.backoffice.types.customers import StaffAccount, StaffAccountLink, StaffCustomer
from lk_graphql.staff.types.objects import StaffError


@object_type
class StaffCustomerLockPayload:
    """The result of `staffCustomerLock`."""

    customer: StaffCustomer | None = outcome("The customer, locked out.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerUnlockPayload:
    """The result of `staffCustomerUnlock`."""

    customer: StaffCustomer | None = outcome("The customer, unlocked.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerSessionsEndPayload:
    """The result of `staffCustomerSessionsEnd`."""

    customer: StaffCustomer | None = outcome("The customer, signed out on all devices.")
    errors: list[StaffError] = errors()


@object_type
class StaffActivationResendPayload:
    """The result of `staffActivationResend`."""

    customer: StaffCustomer | None = outcome("The customer; the mail is on its way.")
    errors: list[StaffError] = errors()


@object_type
class StaffContactsShowPayload:
    """The result of `staffContactsShow`."""

    email: str | None = outcome("The e-mail address, which is the login.")
    phone: str | None = outcome("The telephone number.")
    errors: list[StaffError] = errors()


@object_type
class StaffCabinetOpenPayload:
    """The result of `staffCabinetOpen`."""

    token: str | None = outcome(
        "The token for `Authorization: Bearer …`, with the customer's read access and without "
        "changes. It is shown only once."
    )
    expires_at: datetime | None = outcome("The date and time at which the token expires.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkRestorePayload:
    """The result of `staffLinkRestore`."""

    link: StaffAccountLink | None = outcome("The link, which shows the account again.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkEndPayload:
    """The result of `staffLinkEnd`."""

    link: StaffAccountLink | None = outcome("The ended link.")
    errors: list[StaffError] = errors()


@object_type
class StaffHouseholdRecordPayload:
    """The result of `staffHouseholdRecord`."""

    account: StaffAccount | None = outcome("The account.")
    errors: list[StaffError] = errors()


@object_type
class StaffHouseholdRevokePayload:
    """The result of `staffHouseholdRevoke`."""

    account: StaffAccount | None = outcome("The account.")
    errors: list[StaffError] = errors()
