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

    email: str = strawberry.field(description="The e-mail address, which is the login.")
    password: str = strawberry.field(description="The password («пароль»).")
    code: str | None = strawberry.field(
        default=None, description="The six digits of the authenticator app, or a recovery code."
    )
    captcha: CaptchaAnswerInput | None = strawberry.field(
        default=None,
        description="The solved captcha; only needed after the refusal `CAPTCHA_REQUIRED`.",
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER, the `deviceToken` of the last sign-in on this device: "
        "it excludes other people's failed attempts from the limits. Browsers have a cookie "
        "instead.",
    )
    delivery: SessionDelivery = strawberry.field(
        description="The delivery of the token, as a cookie or in the payload."
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

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")
    new_password: str = strawberry.field(
        description="The password, by the rules of `publicSettings.passwordRules`."
    )


@input_type
class StaffMemberAddInput:
    """A new member of staff."""

    email: str = strawberry.field(description="The e-mail address, which becomes the login.")
    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(
        default=None, description="The patronymic («отчество»); null if there is none."
    )
    role: Role = strawberry.field(description="The role, which sets the member's rights.")

    def to_command(self) -> NewMember:
        return NewMember(
            self.email, self.last_name, self.first_name, self.patronymic or "", self.role
        )


@input_type
class StaffMemberInviteInput:
    """A member of staff to invite."""

    member_id: strawberry.ID = strawberry.field(
        description="The id of the member, from `staff.administration.members`."
    )

    def key(self) -> UUID | None:
        return key_of(self.member_id, "stf")


@input_type
class StaffMemberLockInput(StaffMemberInviteInput):
    """A member of staff to lock out, and the reason."""

    reason: str = strawberry.field(description="The reason for the audit log, 5 to 300 characters.")


@input_type
class StaffMemberUnlockInput(StaffMemberLockInput):
    """A member of staff to unlock, and the reason."""


@input_type
class StaffMemberRoleChangeInput(StaffMemberLockInput):
    """A member of staff with the new role, and the reason."""

    role: Role = strawberry.field(description="The new role, which sets the member's rights.")


@input_type
class StaffMemberFactorResetInput(StaffMemberLockInput):
    """A member of staff with a lost second factor, and the evidence of the loss."""
