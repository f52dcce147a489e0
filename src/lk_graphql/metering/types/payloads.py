"""What mutations about readings answer."""

from enum import StrEnum

import strawberry

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import object_type
from lk_graphql.metering.models import FindingKind, Mistake, Zone
from lk_graphql.metering.types.errors import ReadingError
from lk_graphql.metering.types.evidence import TYPICAL, TypicalMonth
from lk_graphql.metering.types.objects import Reading
from lk_graphql.reads.declare import choices
from lk_graphql.reads.scalars import Money, Period, Quantity


class ReadingEntryStatus(StrEnum):
    """What came of one entry."""

    ACCEPTED_FOR_BILLING = "ACCEPTED_FOR_BILLING"
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    ON_REVIEW = "ON_REVIEW"
    REJECTED = "REJECTED"


choices(
    ReadingEntryStatus,
    "What came of one entry.",
    ACCEPTED_FOR_BILLING="It counts, unless a later one of the month takes its place.",
    NEEDS_CONFIRMATION="Unusual: it is kept, and waits for `readingsConfirm`.",
    ON_REVIEW="Unusual and confirmed: it is kept, and staff look at it.",
    REJECTED="It was not taken, or not all were right where all or nothing was asked for.",
)


@object_type
class PreviewFinding:
    """Something about a reading that is worth a second look."""

    kind: FindingKind = strawberry.field(description="What was noticed.")
    consumed_kwh: Quantity = strawberry.field(description="What would have been used.")
    usual_kwh: Quantity | None = strawberry.field(
        description="What is usual for as long, by the months before; null if they are too few."
    )
    season_kwh: Quantity | None = strawberry.field(
        description="What was used in the same months of earlier years; null if none is known."
    )
    limit_kwh: Quantity | None = strawberry.field(description="From where on it is asked about.")
    likely_mistake: Mistake | None = strawberry.field(description="What probably went wrong.")
    suggested_value: Quantity | None = strawberry.field(description="The value without it.")
    typical_months: list[TypicalMonth] = strawberry.field(description=TYPICAL)


@object_type
class ReadingPreviewEntry:
    """What one reading would mean."""

    register_id: strawberry.ID = strawberry.field(description="The register, as it was given.")
    status: ReadingEntryStatus = strawberry.field(description="What would come of it.")
    zone: Zone | None = strawberry.field(description="When it counts.")
    previous_value: Quantity | None = strawberry.field(description="The last that was read.")
    consumption_kwh: Quantity | None = strawberry.field(
        description="What has passed since then, the meter's ratio included («расход»)."
    )
    billed_kwh: Quantity | None = strawberry.field(
        description="Of that, what isn't billed yet; below zero where estimates were too high."
    )
    estimated_kwh: Quantity | None = strawberry.field(
        description="What would be billed without a reading: an average, later the norm."
    )
    findings: list[PreviewFinding] = strawberry.field(description="What is worth a second look.")
    errors: list[ReadingError] = strawberry.field(description="Why it would not be taken.")


@object_type
class ReadingPreviewLine:
    """What energy would cost in one zone and range."""

    zone: Zone = strawberry.field(description="The time of day.")
    range_number: int = strawberry.field(description="The range, 1 to 3 («диапазон»).")
    quantity_kwh: Quantity = strawberry.field(description="Kilowatt-hours.")
    rubles_per_kwh: Quantity = strawberry.field(description="The tariff, VAT included.")
    amount: Money = strawberry.field(description="What they come to.")


@object_type
class ReadingsPreview:
    """What readings would mean; nothing is saved."""

    period: Period = strawberry.field(description="The month for which they would count.")
    entries: list[ReadingPreviewEntry] = strawberry.field(description="In the order given.")
    lines: list[ReadingPreviewLine] | None = strawberry.field(
        description="The cost by zone and range; null where no tariff is known yet."
    )
    total: Money | None = strawberry.field(description="Their sum.")


@object_type
class ReadingsPreviewPayload:
    """The outcome of `readingsPreview`."""

    preview: ReadingsPreview | None = outcome("What to show before sending.")
    errors: list[ReadingError] = errors()


@object_type
class ReadingEntryOutcome:
    """What came of one reading."""

    register_id: strawberry.ID = strawberry.field(description="The register, as it was given.")
    status: ReadingEntryStatus = strawberry.field(description="What came of it then.")
    reading: Reading | None = strawberry.field(
        description="The reading as it is now; null when it was rejected."
    )
    errors: list[ReadingError] = strawberry.field(description="Why it was rejected.")


@object_type
class ReadingsSubmitPayload:
    """The outcome of `readingsSubmit`."""

    entries: list[ReadingEntryOutcome] | None = outcome("One for each entry, in their order.")
    confirm_token: str | None = strawberry.field(
        default=None,
        description="For `readingsConfirm`; null when no reading waits. Good for you only.",
    )
    errors: list[ReadingError] = errors()


@object_type
class ReadingsConfirmPayload:
    """The outcome of `readingsConfirm`."""

    readings: list[Reading] | None = outcome("The confirmed readings, now on review.")
    errors: list[ReadingError] = errors()


@object_type
class ReadingWithdrawPayload:
    """The outcome of `readingWithdraw`."""

    reading: Reading | None = outcome("The reading, which doesn't count any more.")
    errors: list[ReadingError] = errors()
