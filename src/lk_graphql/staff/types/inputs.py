"""Inputs of sessions and of the administration of members; the `StaffAction` of a request."""

from uuid import UUID

import strawberry

from lk_graphql.api.context import Context
from lk_graphql.api.graphql_types import input_type
from lk_graphql.identity.types.inputs import CaptchaAnswerInput
from lk_graphql.identity.types.objects import SessionDelivery
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.service.audit import StaffAction
from lk_graphql.staff.service.members import NewMember
from lk_graphql.staff.service.sign_in import StaffCredentials


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
    captcha: CaptchaAnswerInput | None = strawberry.field(
        default=None, description="Only needed after the refusal `CAPTCHA_REQUIRED`."
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: the `deviceToken` of the last sign-in on this device, so"
        " that strangers' failures don't count for it. Browsers have a cookie instead.",
    )
    delivery: SessionDelivery = strawberry.field(
        description="Whether the token comes as a cookie or in the payload."
    )

    def to_command(self) -> StaffCredentials:
        captcha = self.captcha.to_command() if self.captcha else None
        return StaffCredentials(self.email, self.password, self.code, captcha)


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
class StaffMemberAddInput:
    """Somebody who begins to work here."""

    email: str = strawberry.field(description="The address that will be the login.")
    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(
        default=None, description="The patronymic («отчество»); null if there is none."
    )
    role: Role = strawberry.field(description="What they may do.")

    def to_command(self) -> NewMember:
        return NewMember(
            self.email, self.last_name, self.first_name, self.patronymic or "", self.role
        )


@input_type
class StaffMemberInviteInput:
    """Whom to invite."""

    member_id: strawberry.ID = strawberry.field(description="From `staff.administration.members`.")

    def key(self) -> UUID | None:
        return key_of(self.member_id, "stf")


@input_type
class StaffMemberLockInput(StaffMemberInviteInput):
    """Whom to lock out, and why."""

    reason: str = strawberry.field(description="5 to 300 characters, for the audit log.")


@input_type
class StaffMemberUnlockInput(StaffMemberLockInput):
    """Whom to let in again, and why."""


@input_type
class StaffMemberRoleChangeInput(StaffMemberLockInput):
    """Whose role changes, and why."""

    role: Role = strawberry.field(description="What they may do from now on.")


@input_type
class StaffMemberFactorResetInput(StaffMemberLockInput):
    """Whose second factor is lost, and how that is known."""
