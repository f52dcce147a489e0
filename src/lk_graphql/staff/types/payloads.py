"""Payloads of sessions and of the administration of members."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import errors, outcome
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.staff.types.objects import StaffError, StaffMember


@object_type
class StaffEnrolment:
    """Data for the enrolment of an authenticator app, shown once."""

    otpauth_uri: str = strawberry.field(description="The URI for the app, `otpauth://totp/…`.")
    qr_code: str = strawberry.field(description="The same URI as a QR code: a PNG in a data URI.")
    secret: str = strawberry.field(description="The key to type if the QR code can't be scanned.")


@object_type
class StaffSessionCreatePayload:
    """The result of `staffSessionCreate`."""

    member: StaffMember | None = outcome("The signed-in member of staff.")
    token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER, the secret to send as `Authorization: Bearer …`. It is "
        "shown only once.",
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER, the token of the device: keep it after a sign-out and "
        "send it with the next sign-in. It grants no access.",
    )
    expires_at: datetime | None = outcome("The latest date and time of the session's end.")
    enrolment: StaffEnrolment | None = strawberry.field(
        default=None,
        description="Before the first sign-in, if no code was sent: the data to scan. Then call "
        "the mutation again with the first code.",
    )
    recovery_codes: list[str] | None = strawberry.field(
        default=None,
        description="With the first code: ten single-use codes that replace those of the app. "
        "They are shown only once.",
    )
    errors: list[StaffError] = errors()


@object_type
class StaffSessionEndPayload:
    """The result of `staffSessionEnd`."""

    ended_sessions: int | None = outcome("The number of sessions that were ended.")
    errors: list[StaffError] = errors()


@object_type
class StaffPasswordSetPayload:
    """The result of `staffPasswordSet`."""

    is_set: bool | None = outcome("True: the password is valid for sign-ins.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberAddPayload:
    """The result of `staffMemberAdd`."""

    member: StaffMember | None = outcome("The member, who can't sign in before a password is set.")
    invitation_url: Url | None = outcome(
        "The single-use link that sets the password, for this member only. It is shown only once."
    )
    expires_at: datetime | None = outcome("The date and time at which the link expires.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberInvitePayload:
    """The result of `staffMemberInvite`."""

    member: StaffMember | None = outcome(
        "The member; the present password works until the new one is set."
    )
    invitation_url: Url | None = outcome(
        "The single-use link that sets the password, for this member only. It is shown only once."
    )
    expires_at: datetime | None = outcome("The date and time at which the link expires.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberLockPayload:
    """The result of `staffMemberLock`."""

    member: StaffMember | None = outcome("The member, locked out.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberUnlockPayload:
    """The result of `staffMemberUnlock`."""

    member: StaffMember | None = outcome("The member, unlocked.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberRoleChangePayload:
    """The result of `staffMemberRoleChange`."""

    member: StaffMember | None = outcome("The member with the new role.")
    errors: list[StaffError] = errors()


@object_type
class StaffMemberFactorResetPayload:
    """The result of `staffMemberFactorReset`."""

    member: StaffMember | None = outcome("The member, who enrols an app at the next sign-in.")
    errors: list[StaffError] = errors()
