"""Inputs of sessions, customers and links; the `StaffAction` of a request."""

import strawberry

from lk_graphql.api.context import Context
from lk_graphql.api.graphql_types import input_type
from lk_graphql.backoffice.service.customers import CustomerRef
from lk_graphql.identity.types.objects import SessionDelivery
from lk_graphql.kit.ids import key_of
from lk_graphql.staff.service.audit import StaffAction
from lk_graphql.staff.service.sessions import StaffCredentials


def staff_action(ctx: Context) -> StaffAction:
    """Build the action of the signed-in member. Raises `NotSignedIn`."""
    return StaffAction(ctx.staff, ctx.client, ctx.now)


@input_type
class StaffSessionCreateInput:
    """A sign-in of staff («вход сотрудника»)."""

    email: str = strawberry.field(description="The login.")
    password: str = strawberry.field(description="The password («пароль»).")
    code: str | None = strawberry.field(
        default=None, description="The authenticator app's six digits, or a recovery code."
    )
    delivery: SessionDelivery = strawberry.field(
        description="Whether the token comes as a cookie or in the payload."
    )

    def to_command(self) -> StaffCredentials:
        return StaffCredentials(self.email, self.password, self.code)


@input_type
class StaffSessionEndInput:
    """A sign-out of staff."""

    everywhere: bool = strawberry.field(
        default=True, description="Whether to sign out on all other devices as well."
    )


@input_type
class StaffPasswordSetInput:
    """A password by an invitation."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")
    new_password: str = strawberry.field(description="Keeps `publicSettings.passwordRules`.")


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
