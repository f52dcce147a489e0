"""Payloads and errors of the identity mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.types.objects import User


@object_type
class IdentityError(UserError):
    """A refusal of an operation on a login."""

    code: IdentityErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class ViewerPayload:
    """The base of the payloads of mutations that change a customer's data."""

    viewer: User | None = outcome(
        "The signed-in customer: select what the change affects, to update a cache."
    )


@object_type
class Captcha:
    """A captcha of letters and digits, as a picture and a recording («капча»)."""

    id: strawberry.ID = strawberry.field(description="The id to send with the code.")
    picture: str = strawberry.field(
        description="The picture, a PNG as a data URI for the `src` of an image."
    )
    audio: str | None = strawberry.field(
        description=(
            "The recording, a WAV as a data URI for people who can't see; it has a code of its "
            "own. Null if it wasn't requested."
        )
    )
    expires_at: datetime = strawberry.field(
        description="The date and time from which the code is no longer accepted."
    )


@object_type
class CaptchaCreatePayload:
    """The result of `captchaCreate`."""

    captcha: Captcha | None = outcome("The captcha to show or to play.")
    errors: list[IdentityError] = errors()


@object_type
class UserRegisterPayload:
    """The result of `userRegister`."""

    sent_to: str | None = outcome("The address to which a mail is being sent.")
    errors: list[IdentityError] = errors()


@object_type
class UserActivatePayload:
    """The result of `userActivate`."""

    is_activated: bool | None = outcome("True: the login is active.")
    needs_password: bool | None = outcome(
        "True: a link for a new password has been mailed, because several registrations of the "
        "address waited. False: sign-in with the password of the registration is possible now."
    )
    errors: list[IdentityError] = errors()


@object_type
class ActivationResendPayload:
    """The result of `activationResend`."""

    sent_to: str | None = outcome(
        "The address to which a mail is sent if its registration awaits activation."
    )
    errors: list[IdentityError] = errors()


@object_type
class SessionCreatePayload:
    """The result of `sessionCreate`."""

    viewer: User | None = outcome("The customer who is signed in now.")
    token: str | None = strawberry.field(
        default=None,
        description=(
            "With delivery BEARER, the secret to send as `Authorization: Bearer …`. It is "
            "shown only once."
        ),
    )
    device_token: str | None = strawberry.field(
        default=None,
        description=(
            "With delivery BEARER, the token of the device: keep it after a sign-out and send "
            "it with the next sign-in. It grants no access."
        ),
    )
    expires_at: datetime | None = outcome("The date and time at which the session expires.")
    errors: list[IdentityError] = errors()


@object_type
class SessionEndPayload:
    """The result of `sessionEnd`."""

    ended_sessions: int | None = outcome("The number of sessions that were ended.")
    errors: list[IdentityError] = errors()


@object_type
class SessionRevokePayload(ViewerPayload):
    """The result of `sessionRevoke`."""

    errors: list[IdentityError] = errors()


@object_type
class SessionsRevokeOthersPayload(ViewerPayload):
    """The result of `sessionsRevokeOthers`."""

    ended_sessions: int | None = outcome("The number of sessions that were ended.")
    errors: list[IdentityError] = errors()


@object_type
class PasswordChangePayload(ViewerPayload):
    """The result of `passwordChange`."""

    errors: list[IdentityError] = errors()


@object_type
class PasswordResetRequestPayload:
    """The result of `passwordResetRequest`."""

    sent_to: str | None = outcome("The address to which a mail is sent if it has a login.")
    errors: list[IdentityError] = errors()


@object_type
class PasswordResetPayload:
    """The result of `passwordReset`."""

    is_reset: bool | None = outcome("True: sign in with the new password; all sessions have ended.")
    errors: list[IdentityError] = errors()


@object_type
class EmailChangeRequestPayload(ViewerPayload):
    """The result of `emailChangeRequest`."""

    confirm_by: datetime | None = outcome(
        "The date and time by which both links have to be followed."
    )
    errors: list[IdentityError] = errors()


@object_type
class EmailChangePayload:
    """The result of `emailChange`."""

    is_complete: bool | None = outcome(
        "True: the new address is the login now. False: the link to the other mailbox has "
        "to be followed too."
    )
    errors: list[IdentityError] = errors()
