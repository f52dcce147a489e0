"""Payloads of the staff mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.types.customers import StaffAccountLink, StaffCustomer
from lk_graphql.staff.types import StaffError, StaffMember


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
class StaffCustomerLockPayload:
    """What became of a lock."""

    customer: StaffCustomer | None = outcome("The customer, locked out.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerUnlockPayload:
    """What became of the end of a lock."""

    customer: StaffCustomer | None = outcome("The customer, let in again.")
    errors: list[StaffError] = errors()


@object_type
class StaffCustomerSessionsEndPayload:
    """What became of a customer's sessions."""

    customer: StaffCustomer | None = outcome("The customer, signed out everywhere.")
    errors: list[StaffError] = errors()


@object_type
class StaffActivationResendPayload:
    """What became of another activation mail."""

    customer: StaffCustomer | None = outcome("The customer, to whom a mail is on its way.")
    errors: list[StaffError] = errors()


@object_type
class StaffContactsShowPayload:
    """How to reach a customer."""

    email: str | None = outcome("The login.")
    phone: str | None = outcome("The telephone number.")
    errors: list[StaffError] = errors()


@object_type
class StaffCabinetOpenPayload:
    """A look at a cabinet."""

    token: str | None = outcome(
        "For `Authorization: Bearer …`: it reads what the customer reads, and changes nothing. "
        "It is shown this once."
    )
    expires_at: datetime | None = outcome("When it ends.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkRestorePayload:
    """What became of a suspended link."""

    link: StaffAccountLink | None = outcome("The link, which shows the account again.")
    errors: list[StaffError] = errors()


@object_type
class StaffLinkEndPayload:
    """What became of a suspended link."""

    link: StaffAccountLink | None = outcome("The link, which has ended.")
    errors: list[StaffError] = errors()
