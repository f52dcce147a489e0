"""Root fields about meters and readings."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, open_to, preview
from lk_graphql.metering.errors import ReadingErrorCode as Code
from lk_graphql.metering.service import submission
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.rules import SubmissionTime
from lk_graphql.metering.types import inputs, payloads
from lk_graphql.metering.types.objects import Meter
from lk_graphql.metering.types.payloads import preview_payload
from lk_graphql.planner.types import Query, by_id, extends

ENTRY_CODES = (
    Code.REGISTER_NOT_FOUND,
    Code.REGISTER_REPEATED,
    Code.METER_REMOVED,
    Code.METER_REPORTS_ITSELF,
    Code.WINDOW_CLOSED,
    Code.TAKEN_IN_FUTURE,
    Code.TAKEN_TOO_LONG_AGO,
    Code.PERIOD_BILLED,
    Code.TAKEN_BEFORE_PREVIOUS,
    Code.ZONES_MISSING,
    Code.TOO_MANY_DIGITS,
    Code.TOO_MANY_DECIMALS,
    Code.BELOW_PREVIOUS,
)
"""In the order of the checks; an entry gets the first that fails."""
PREVIEW_CODES = (
    Code.NUMBER_MALFORMED,
    Code.ACCOUNT_NOT_FOUND,
    Code.TOO_MANY_ENTRIES,
    *ENTRY_CODES,
)


async def preview_readings(
    info: Info, input: inputs.ReadingsPreviewInput
) -> payloads.ReadingsPreviewPayload:
    """Check and price readings. Raises `AccountNotFound`, `TooManyEntries`."""
    ctx = info.context
    moment = SubmissionTime(ctx.now, input.taken_at, ctx.company)
    form = input.to_command()
    checked = await submission.preview(ctx.viewer, form, moment, billing=BILLING)
    ids = [entry.register_id for entry in input.entries]
    return payloads.ReadingsPreviewPayload(
        preview=preview_payload(checked, ids, ctx.client.language, ctx.rows)
    )


@open_to(Access.CUSTOMER)
@extends(Query)
class MeteringQuery:
    """A meter by its id, and the preview of readings."""

    meter: Meter | None = by_id("One of the customer's meters by its id; null if there is none.")

    @preview(access=Access.CUSTOMER, codes=PREVIEW_CODES)
    async def readings_preview(
        self, info: Info, input: Input[inputs.ReadingsPreviewInput]
    ) -> payloads.ReadingsPreviewPayload | None:
        """Preview the consumption and cost of readings; nothing is saved.

        The errors of an entry are listed with it.
        """
        return await preview_readings(info, input)
