# ruff: noqa: S106 - codes, not passwords
"""The slice's one error type."""

from datetime import datetime

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.backoffice.errors import StaffErrorCode
from lk_graphql.reads.declare import choices

choices(
    StaffErrorCode,
    "Why something that staff wanted was refused. Codes never change.",
    WRONG_EMAIL_OR_PASSWORD="No such member of staff, or another password; which is never told.",
    CODE_REQUIRED="The password is right: a code of the second factor must come along.",
    CODE_WRONG="The code is wrong, too old, or was used.",
    STAFF_LOCKED="The password is right, but this member of staff is locked out.",
    INVITATION_INVALID="The invitation was used, is too old, or was never ours.",
    PASSWORD_REFUSED="The password breaks one of `publicSettings.passwordRules`.",
    SESSION_OVER="The session has already ended.",
    CUSTOMER_NOT_FOUND="There is no such customer.",
    CUSTOMER_ACTIVE="The login is activated already.",
    LINK_NOT_SUSPENDED="There is no such suspended link: perhaps it has been decided already.",
    REASON_REQUIRED="A reason has 5 to 300 characters; others will read it.",
    NOTICE_NOT_FOUND="There is no such notice.",
    NOTICE_ON_ITS_WAY="The notice waits to be sent already.",
    NOTICE_UNDELIVERABLE="Not wanted by e-mail or SMS, undeliverable there, or too late.",
    PAYMENT_NOT_FOUND="There is no such payment.",
    PAYMENT_NOT_PAID="The payment wasn't paid, or all of it went back.",
    REFUND_TOO_LARGE="More than is left of that part of the payment, or not more than nothing.",
    REFUND_NOT_IN_DOUBT="No such refund waits for the acquirer's answer for longer than a day.",
    REFERENCE_INVALID="The acquirer's name has 1 to 60 printable ASCII characters.",
    REFERENCE_USED="Another refund of the payment has this name.",
    DIFFERENCE_NOT_OPEN="There is no such difference, or a colleague has settled it.",
    IDEMPOTENCY_CONFLICT="You have used the key for another refund: take a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is a good one.",
    TOO_MANY_TRIES="A limit is used up: wait until `retryAt`.",
)


@object_type
class StaffError(UserError):
    """Why something that staff wanted was refused."""

    code: StaffErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )
