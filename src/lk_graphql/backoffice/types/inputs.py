"""What mutations of staff take."""

import strawberry

from lk_graphql.backoffice.service.signing_in import Credentials
from lk_graphql.identity.types.choices import SessionDelivery


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
