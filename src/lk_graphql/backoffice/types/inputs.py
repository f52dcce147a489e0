"""What mutations of staff take."""

import strawberry

from lk_graphql.backoffice.service.customers import Whom
from lk_graphql.backoffice.service.signing_in import Credentials
from lk_graphql.identity.types.choices import SessionDelivery
from lk_graphql.kit.ids import key_of


@strawberry.input(description="A sign-in of staff («вход сотрудника»).")
class StaffSessionCreateInput:
    email: str = strawberry.field(description="The login.")
    password: str = strawberry.field(description="The password («пароль»).")
    code: str | None = strawberry.field(
        default=None, description="The authenticator app's six digits, or a recovery code."
    )
    delivery: SessionDelivery = strawberry.field(
        description="Whether the token comes as a cookie or in the payload."
    )

    def unpacked(self) -> Credentials:
        return Credentials(self.email, self.password, self.code)


@strawberry.input(description="A sign-out of staff.")
class StaffSessionEndInput:
    everywhere: bool = strawberry.field(
        default=True, description="Whether to sign out on all other devices as well."
    )


@strawberry.input(description="A password by an invitation.")
class StaffPasswordSetInput:
    token: str = strawberry.field(description="What stands behind `#token=` in the link.")
    new_password: str = strawberry.field(description="Keeps `publicSettings.passwordRules`.")


@strawberry.input(description="A customer, and why something is done with their login.")
class StaffCustomerInput:
    customer_id: strawberry.ID = strawberry.field(description="From `staff.customers`.")
    reason: str = strawberry.field(description="5 to 300 characters; others will read it.")

    def unpacked(self) -> Whom:
        return Whom(key_of(self.customer_id, "scu"), self.reason)


@strawberry.input(description="Whom to lock out.")
class StaffCustomerLockInput(StaffCustomerInput): ...


@strawberry.input(description="Whom to let in again.")
class StaffCustomerUnlockInput(StaffCustomerInput): ...


@strawberry.input(description="Whom to sign out everywhere.")
class StaffCustomerSessionsEndInput(StaffCustomerInput): ...


@strawberry.input(description="Whom to mail the activation link once more.")
class StaffActivationResendInput(StaffCustomerInput): ...


@strawberry.input(description="Whose address and telephone number to show.")
class StaffContactsShowInput(StaffCustomerInput): ...


@strawberry.input(description="Whose cabinet to look at.")
class StaffCabinetOpenInput(StaffCustomerInput): ...


@strawberry.input(description="A suspended link, and why it is decided so.")
class StaffLinkRestoreInput:
    link_id: strawberry.ID = strawberry.field(description="From `staff.suspendedLinks`.")
    reason: str = strawberry.field(description="5 to 300 characters; colleagues will read it.")


@strawberry.input(description="A suspended link, and why it ends.")
class StaffLinkEndInput(StaffLinkRestoreInput): ...
