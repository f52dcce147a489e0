"""Readings that wait for staff."""

from datetime import date, datetime

import strawberry

from lk_graphql.api.mutation import errors, outcome
from lk_graphql.api.shapes import input_type, object_type
from lk_graphql.backoffice.types.customers import StaffAccount
from lk_graphql.backoffice.types.files import StaffFile
from lk_graphql.kit.viewer import Role
from lk_graphql.metering import models
from lk_graphql.metering.types.errors import ReadingError
from lk_graphql.metering.types.evidence import TYPICAL, TypicalMonth, months
from lk_graphql.reads.declare import Node, StaffOnly, column, derived, reads, related
from lk_graphql.reads.scalars import Period, Quantity

CLERK = StaffOnly(Role.CLERK)


@reads(models.ReadingFinding, owned_through=CLERK)
class StaffReadingFinding:
    """Why a reading is unusual."""

    kind: models.FindingKind = column("What is unusual about it.")
    consumed_kwh: Quantity = column("What would have been used.")
    usual_kwh: Quantity | None = column("What is usual for as long.")
    season_kwh: Quantity | None = column("What was used in the same months of earlier years.")
    limit_kwh: Quantity | None = column("From where on it is asked about.")
    likely_mistake: models.Mistake | None = column("What probably went wrong.", of="mistake")
    suggested_value: Quantity | None = column("The value without it.")
    typical_months: list[TypicalMonth] = derived(TYPICAL, months)


@reads(models.Reading, prefix="srd", owned_through=CLERK)
class StaffReading(Node):
    """A reading as staff see it («показание»)."""

    value: Quantity = column("What the register showed.")
    taken_on: date = column("On which day.")
    received_at: datetime = column("When it came.")
    period: Period = column("For which month.")
    state: models.ReadingState = column("What became of it.")
    reason: str | None = column("Why it was rejected.")
    zone: models.Zone = column("Of which zone.", of="register__zone")
    meter_serial: str = column("Of which meter.", of="register__meter__serial")
    findings: list[StaffReadingFinding] = related("Why it is unusual.")
    photo: StaffFile | None = related("The photo of the display; null where none was sent.")
    account: StaffAccount = related("Whose account it is.", of="register__meter__account")


@input_type
class StaffReadingAcceptInput:
    """A reading that counts."""

    reading_id: strawberry.ID = strawberry.field(description="From `staff.readingsOnReview`.")


@input_type
class StaffReadingRejectInput:
    """A reading that doesn't count, and why."""

    reading_id: strawberry.ID = strawberry.field(description="From `staff.readingsOnReview`.")
    reason: str = strawberry.field(description="1 to 300 characters; the customer reads it.")


@object_type
class StaffReadingAcceptPayload:
    """What became of a reading."""

    reading: StaffReading | None = outcome("The reading, accepted.")
    errors: list[ReadingError] = errors()


@object_type
class StaffReadingRejectPayload:
    """What became of a reading."""

    reading: StaffReading | None = outcome("The reading, rejected.")
    errors: list[ReadingError] = errors()
