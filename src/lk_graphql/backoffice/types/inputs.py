"""Inputs of customers and links."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.backoffice.service.customers import CustomerRef
from lk_graphql.kit.ids import key_of


@input_type
class StaffCustomerInput:
    """A customer, and the reason for an action on the login."""

    customer_id: strawberry.ID = strawberry.field(
        description="The id of the customer, from `staff.customers`."
    )
    reason: str = strawberry.field(
        description="The reason, 5 to 300 characters, visible to others."
    )

    def to_command(self) -> CustomerRef:
        return CustomerRef(key_of(self.customer_id, "scu"), self.reason)


@input_type
class StaffCustomerLockInput(StaffCustomerInput):
    """A customer to lock out."""


@input_type
class StaffCustomerUnlockInput(StaffCustomerInput):
    """A customer to unlock."""


@input_type
class StaffCustomerSessionsEndInput(StaffCustomerInput):
    """A customer to sign out on all devices."""


@input_type
class StaffActivationResendInput(StaffCustomerInput):
    """A request for another activation mail."""


@input_type
class StaffContactsShowInput(StaffCustomerInput):
    """A customer whose e-mail address and telephone number to show."""


@input_type
class StaffCabinetOpenInput(StaffCustomerInput):
    """A customer whose cabinet to open."""


@input_type
class StaffLinkRestoreInput:
    """A suspended link, and the reason for the decision."""

    link_id: strawberry.ID = strawberry.field(
        description="The id of the link, from `staff.suspendedLinks`."
    )
    reason: str = strawberry.field(description="The reason for colleagues, 5 to 300 characters.")


@input_type
class StaffLinkEndInput(StaffLinkRestoreInput):
    """A suspended link to end, and the reason."""


@input_type
class StaffHouseholdRecordInput:
    """An account with the present and the previous holder in one household, and the evidence."""

    account_id: strawberry.ID = strawberry.field(
        description="The id of the account, from `staff.accounts`."
    )
    reason: str = strawberry.field(description="The reason for colleagues, 5 to 300 characters.")


@input_type
class StaffHouseholdRevokeInput(StaffHouseholdRecordInput):
    """An account whose holders are not one household, and the reason."""
