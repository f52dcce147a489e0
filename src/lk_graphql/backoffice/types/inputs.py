"""Inputs of customers and links."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.backoffice.service.customers import CustomerRef
from lk_graphql.kit.ids import key_of


@input_type
class StaffCustomerInput:
    """A customer, and why something is done with their login."""

    customer_id: strawberry.ID = strawberry.field(description="From `staff.customers`.")
    reason: str = strawberry.field(description="5 to 300 characters; others will read it.")

    def to_command(self) -> CustomerRef:
        return CustomerRef(key_of(self.customer_id, "scu"), self.reason)


@input_type
class StaffCustomerLockInput(StaffCustomerInput):
    """Whom to lock out."""


@input_type
class StaffCustomerUnlockInput(StaffCustomerInput):
    """Whom to let in again."""


@input_type
class StaffCustomerSessionsEndInput(StaffCustomerInput):
    """Whom to sign out everywhere."""


@input_type
class StaffActivationResendInput(StaffCustomerInput):
    """Whom to mail the activation link once more."""


@input_type
class StaffContactsShowInput(StaffCustomerInput):
    """Whose address and telephone number to show."""


@input_type
class StaffCabinetOpenInput(StaffCustomerInput):
    """Whose cabinet to look at."""


@input_type
class StaffLinkRestoreInput:
    """A suspended link, and why it is decided so."""

    link_id: strawberry.ID = strawberry.field(description="From `staff.suspendedLinks`.")
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


@input_type
class StaffLinkEndInput(StaffLinkRestoreInput):
    """A suspended link, and why it ends."""


@input_type
class StaffHouseholdRecordInput:
    """An account whose holder and the one before are one household, and how that is known."""

    account_id: strawberry.ID = strawberry.field(description="From `staff.accounts`.")
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


@input_type
class StaffHouseholdRevokeInput(StaffHouseholdRecordInput):
    """An account whose holders are no household, and why."""
