"""Payloads and errors of the identity mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.types.objects import User


@object_type
class IdentityError(UserError):
    """Why something about a login was refused."""

    code: IdentityErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )


@object_type
class ViewerPayload:
    """The base of the payloads of all mutations by which a customer changes something."""

    viewer: User | None = outcome("You: select here what the change touches, for your cache.")


@object_type
class Captcha:
    """Letters and digits to read or to hear («капча»)."""

    id: strawberry.ID = strawberry.field(description="To send back with the code.")
    picture: str = strawberry.field(description="A PNG as a data URI, for the `src` of an image.")
    audio: str | None = strawberry.field(
        description="A WAV as a data URI for those who can't see; it has a code of its own. "
        "Null when it wasn't asked for."
    )
    expires_at: datetime = strawberry.field(description="When the code is no longer taken.")


@object_type
class CaptchaCreatePayload:
    """A new captcha."""

    captcha: Captcha | None = outcome("What to show or to play.")
    errors: list[IdentityError] = errors()


@object_type
class UserRegisterPayload:
    """What became of a registration."""

    sent_to: str | None = outcome("Where a mail is on its way to.")
    errors: list[IdentityError] = errors()


@object_type
class UserActivatePayload:
    """What became of an activation."""

    is_activated: bool | None = outcome("True: one can sign in now.")
    errors: list[IdentityError] = errors()


@object_type
class ActivationResendPayload:
    """What became of the wish for another activation mail."""

    sent_to: str | None = outcome("Where a mail goes, if somebody waits for it there.")
    errors: list[IdentityError] = errors()


@object_type
class SessionCreatePayload:
    """A sign-in."""

    viewer: User | None = outcome("Who is signed in now.")
    token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: the secret to send as `Authorization: Bearer …`. "
        "It is shown this once.",
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: keep it when the person signs out, and send it with the"
        " next sign-in. It opens nothing.",
    )
    expires_at: datetime | None = outcome("When the session ends by itself.")
    errors: list[IdentityError] = errors()


@object_type
class SessionEndPayload:
    """A sign-out."""

    ended_sessions: int | None = outcome("How many sessions have ended.")
    errors: list[IdentityError] = errors()


@object_type
class SessionRevokePayload(ViewerPayload):
    """What became of a session."""

    errors: list[IdentityError] = errors()


@object_type
class SessionsRevokeOthersPayload(ViewerPayload):
    """What became of the other sessions."""

    ended_sessions: int | None = outcome("How many sessions have ended.")
    errors: list[IdentityError] = errors()


@object_type
class PasswordChangePayload(ViewerPayload):
    """What became of a change of password."""

    errors: list[IdentityError] = errors()


@object_type
class PasswordResetRequestPayload:
    """What became of the wish for a new password."""

    sent_to: str | None = outcome("Where a mail goes, if somebody has a login there.")
    errors: list[IdentityError] = errors()


@object_type
class PasswordResetPayload:
    """What became of a new password."""

    is_reset: bool | None = outcome("True: sign in with the new password; no session goes on.")
    errors: list[IdentityError] = errors()


@object_type
class EmailChangeRequestPayload(ViewerPayload):
    """What became of the wish for another address."""

    confirm_by: datetime | None = outcome("Until when both links have to be followed.")
    errors: list[IdentityError] = errors()


@object_type
class EmailChangePayload:
    """What became of one side of a change of address."""

    is_complete: bool | None = outcome(
        "True: the new address is the login now. False: the other mailbox has to agree too."
    )
    errors: list[IdentityError] = errors()
