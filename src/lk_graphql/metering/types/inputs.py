"""Inputs of the reading mutations, with their conversion to commands."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import idempotency_key, input_type
from lk_graphql.kit.ids import key_of, optional_key_of
from lk_graphql.metering.service.checks import ReadingEntry
from lk_graphql.metering.service.submission import ReadingsForm
from lk_graphql.planner.declare.scalars import Quantity

_TAKEN_AT = (
    "The date and time at which the display was read, sent by a device that was offline; now if "
    "omitted. The reading counts for that day if it comes within "
    "`publicSettings.readingRules.offlineDays`. If a month has several readings, the one "
    "with the latest `takenAt` counts, regardless of the order of submission."
)
_PARTIAL = "Whether to accept some of a meter's zones while others are missing; false by default."


@input_type
class ReadingEntryInput:
    """The value on a register's display («показание»)."""

    register_id: strawberry.ID = strawberry.field(
        description="The id of the register; its label doesn't identify it."
    )
    value: Quantity = strawberry.field(
        description="The value in kilowatt-hours, as the display shows it."
    )

    photo_upload_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="A photo of the display, from `uploadCreate`; each proves one reading. "
        "Ignored by `readingsPreview`.",
    )

    def to_command(self) -> ReadingEntry:
        photo = optional_key_of(self.photo_upload_id, "upl")
        return ReadingEntry(key_of(self.register_id, "reg"), self.value, photo)


@input_type
class ReadingsPreviewInput:
    """Readings of one account to preview."""

    account_id: strawberry.ID = strawberry.field(description="The account.")
    entries: list[ReadingEntryInput] = strawberry.field(
        description="The values of its registers; at most `publicSettings.mostReadings`."
    )
    taken_at: datetime | None = strawberry.field(default=None, description=_TAKEN_AT)
    allow_partial: bool = strawberry.field(default=False, description=_PARTIAL)

    def to_command(self) -> ReadingsForm:
        return ReadingsForm(
            account_id=key_of(self.account_id, "acc"),
            entries=[entry.to_command() for entry in self.entries],
            taken_at=self.taken_at,
            is_partial=self.allow_partial,
        )


@input_type
class ReadingsSubmitInput:
    """Readings of one account, for all its registers in one call."""

    account_id: strawberry.ID = strawberry.field(description="The account.")
    entries: list[ReadingEntryInput] = strawberry.field(
        description="The values of its registers; at most `publicSettings.mostReadings`."
    )
    idempotency_key: str = idempotency_key()
    taken_at: datetime | None = strawberry.field(default=None, description=_TAKEN_AT)
    allow_partial: bool = strawberry.field(default=False, description=_PARTIAL)
    atomic: bool = strawberry.field(
        default=False,
        description="Whether to save all or nothing; a reading that needs a confirmation is a "
        "failure then.",
    )

    def to_command(self) -> ReadingsForm:
        return ReadingsForm(
            account_id=key_of(self.account_id, "acc"),
            entries=[entry.to_command() for entry in self.entries],
            taken_at=self.taken_at,
            is_partial=self.allow_partial,
            is_atomic=self.atomic,
        )


@input_type
class ReadingsConfirmInput:
    """The unusual readings to confirm."""

    token: str = strawberry.field(description="The token from `readingsSubmit.confirmToken`.")
    idempotency_key: str = idempotency_key()


@input_type
class ReadingWithdrawInput:
    """The reading to withdraw."""

    reading_id: strawberry.ID = strawberry.field(description="The reading to withdraw.")
