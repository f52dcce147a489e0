"""Payloads of sessions and of the administration of members."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.staff.types.objects import StaffError, StaffMember


@object_type
class StaffEnrolment:
    """What an authenticator app has to be shown, once."""

    otpauth_uri: str = strawberry.field(description="The address for the app, `otpauth://totp/…`.")
    qr_code: str = strawberry.field(description="The same as a PNG, a data URI for an image.")
    secret: str = strawberry.field(description="The key to type where nothing can be scanned.")


@object_type
class StaffSessionCreatePayload:
    """A sign-in of staff."""

    member: StaffMember | None = outcome("Who is signed in now.")
    token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: the secret to send as `Authorization: Bearer …`. "
        "It is shown this once.",
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: keep it after the sign-out, and send it with the next"
        " sign-in. It opens nothing.",
    )
    expires_at: datetime | None = outcome("When the session ends at the latest.")
    enrolment: StaffEnrolment | None = strawberry.field(
        default=None,
        description="Before the first sign-in, if no code came along: what to scan. Then call "
        "again with the first code.",
    )
    recovery_codes: list[str] | None = strawberry.field(
        default=None,
        description="With the first code: ten codes that stand in for the app, each once. "
        "They are shown this once.",
    )
    errors: list[StaffError] = errors()


@object_type
class StaffSessionEndPayload:
    """A sign-out of staff."""

    ended_sessions: int | None = outcome("How many sessions have ended.")
    errors: list[StaffError] = errors()


@object_type
class StaffPasswordSetPayload:
    """What became of a password by an invitation."""

    is_set: bool | None = outcome("True: sign in with it.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberAddPayload:
    """A new member of staff."""

    member: StaffMember | None = outcome("The member, who can't sign in before a password is set.")
    invitation_url: Url | None = outcome(
        "The link that sets the password, once: give it only to them. It is shown this once."
    )
    expires_at: datetime | None = outcome("When the link ends.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberInvitePayload:
    """An invitation to set a password."""

    member: StaffMember | None = outcome("The member; the present password works until then.")
    invitation_url: Url | None = outcome(
        "The link that sets the password, once: give it only to them. It is shown this once."
    )
    expires_at: datetime | None = outcome("When the link ends.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberLockPayload:
    """What became of a lock."""

    member: StaffMember | None = outcome("The member, locked out.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberUnlockPayload:
    """What became of the end of a lock."""

    member: StaffMember | None = outcome("The member, let in again.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberRoleChangePayload:
    """What became of a role."""

    member: StaffMember | None = outcome("The member with the role.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberFactorResetPayload:
    """What became of a second factor."""

    member: StaffMember | None = outcome("The member, who enrols an app at the next sign-in.")
    errors: list[StaffError] = errors()
