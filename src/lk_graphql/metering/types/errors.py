# ruff: noqa: S106 - codes with TOKEN in their names, not passwords
"""The slice's one error type."""

import strawberry

from lk_graphql.api.mutation import UserError
from lk_graphql.api.shapes import object_type
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import Mistake
from lk_graphql.reads.declare import choices
from lk_graphql.reads.scalars import Quantity

choices(
    Mistake,
    "What people do wrong when they copy a number from a display.",
    SWAPPED_ZONES="The number is another zone's.",
    DECIMAL_COMMA="The digits behind the comma are there, the comma isn't.",
    TRANSPOSED_DIGITS="Two neighbouring digits have changed places.",
    MISSING_DIGIT="A digit is missing.",
    EXTRA_DIGIT="A digit is too many.",
)
choices(
    ReadingErrorCode,
    "Why a reading was not taken. Codes never change.",
    ACCOUNT_NOT_FOUND="There is no such account among yours.",
    TOO_MANY_ENTRIES="None, or more than `publicSettings.mostReadings`.",
    REGISTER_NOT_FOUND="The account has no such register.",
    REGISTER_REPEATED="It was given twice.",
    METER_REMOVED="Its meter has been taken away.",
    METER_REPORTS_ITSELF="Its meter sends its readings itself.",
    WINDOW_CLOSED="No readings are taken now; see `account.readingWindow`.",
    PERIOD_BILLED="The month's bill has been made.",
    TAKEN_IN_FUTURE="`takenAt` hasn't come yet.",
    TAKEN_TOO_LONG_AGO="`takenAt` is longer ago than `readingRules.offlineDays`.",
    TAKEN_BEFORE_PREVIOUS="The register has a reading of the same day or a later one.",
    ZONES_MISSING="Zones of the meter are missing, and `allowPartial` isn't said.",
    TOO_MANY_DIGITS="Negative, or more digits than the register has.",
    TOO_MANY_DECIMALS="More decimals than the register has.",
    BELOW_PREVIOUS="Less than before, and a turn of the dial isn't plausible.",
    PHOTO_UNUSABLE="The photo isn't uploaded, is still checked, was used, or isn't yours.",
    PHOTO_NOT_A_PICTURE="The file isn't a picture: JPEG, PNG or HEIC.",
    CONFIRMATION_NEEDED="Unusual, where all or nothing was asked for.",
    CONFIRM_TOKEN_INVALID="Nothing waits for this token, or it was somebody else's.",
    READING_NOT_FOUND="There is no such reading among yours.",
    READING_FINAL="It doesn't count any more, or a customer didn't send it.",
    READING_IN_BILLING="The billing system has it in its books: a new one replaces it.",
    REASON_INVALID="A reason has 1 to 300 characters.",
    IDEMPOTENCY_CONFLICT="The key was used for another request.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters.",
)


@object_type
class ReadingError(UserError):
    """Why a reading was not taken."""

    code: ReadingErrorCode = strawberry.field(description="The reason, for programs.")
    likely_mistake: Mistake | None = strawberry.field(
        default=None, description="What probably went wrong, where a mistake explains the value."
    )
    suggested_value: Quantity | None = strawberry.field(
        default=None, description="The value without it, to be offered; never taken unasked."
    )
