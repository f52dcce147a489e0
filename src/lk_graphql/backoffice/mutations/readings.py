"""Staff decide about unusual readings."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.service import readings
from lk_graphql.backoffice.types import readings as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.readings import StaffReading
from lk_graphql.kit.ids import key_of
from lk_graphql.metering.errors import ReadingErrorCode as Code
from lk_graphql.metering.service.billing_side import BILLING
from lk_graphql.reads.declare import extends

CODES = (Code.READING_NOT_FOUND, Code.READING_FINAL, Code.PERIOD_BILLED)


@extends(Mutation)
class StaffReadingMutation:
    """Staff decide about unusual readings."""

    @mutation(access=Access.CLERK, codes=(*CODES, Code.TAKEN_BEFORE_PREVIOUS))
    async def staff_reading_accept(
        self, info: Info, input: Input[types.StaffReadingAcceptInput]
    ) -> types.StaffReadingAcceptPayload:
        """Accept an unusual reading («принять показание»); the customer is told."""
        ctx, reading = info.context, key_of(input.reading_id, "srd")
        key = await readings.accept(doing(ctx), reading, billing=BILLING)
        return types.StaffReadingAcceptPayload(reading=ctx.rows.by_key(StaffReading, key))

    @mutation(access=Access.CLERK, codes=(*CODES, Code.REASON_INVALID))
    async def staff_reading_reject(
        self, info: Info, input: Input[types.StaffReadingRejectInput]
    ) -> types.StaffReadingRejectPayload:
        """Reject an unusual reading («отклонить показание»); the customer reads why."""
        ctx, reading = info.context, key_of(input.reading_id, "srd")
        key = await readings.reject(doing(ctx), reading, input.reason, billing=BILLING)
        return types.StaffReadingRejectPayload(reading=ctx.rows.by_key(StaffReading, key))
