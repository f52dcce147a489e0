"""Root mutations about readings."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.kit.ids import key_of
from lk_graphql.metering.errors import ReadingErrorCode as Code
from lk_graphql.metering.queries import ENTRY_CODES, PREVIEW_CODES, preview_readings
from lk_graphql.metering.service import reading_states, submission
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.rules import SubmissionTime
from lk_graphql.metering.types import inputs, payloads
from lk_graphql.metering.types.objects import Reading
from lk_graphql.metering.types.payloads import submit_payload
from lk_graphql.planner.types import extends

IDEMPOTENCY_CODES = (Code.IDEMPOTENCY_CONFLICT, Code.IDEMPOTENCY_KEY_INVALID)


@extends(Mutation)
class MeteringMutation:
    """Preview, submission, confirmation and withdrawal of readings."""

    @mutation(
        access=Access.CUSTOMER,
        codes=PREVIEW_CODES,
        deprecated="Use `Query.readingsPreview`. Deprecated 2026-11-30, removed after 2027-05-31.",
    )
    async def readings_preview(
        self, info: Info, input: Input[inputs.ReadingsPreviewInput]
    ) -> payloads.ReadingsPreviewPayload:
        """Preview the consumption and cost of readings; nothing is saved.

        The errors of an entry are listed with it.
        """
        return await preview_readings(info, input)

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.NUMBER_MALFORMED,
            Code.ACCOUNT_NOT_FOUND,
            Code.TOO_MANY_ENTRIES,
            *ENTRY_CODES,
            Code.PHOTO_UNUSABLE,
            Code.PHOTO_NOT_A_PICTURE,
            Code.CONFIRMATION_NEEDED,
            *IDEMPOTENCY_CODES,
        ],
    )
    async def readings_submit(
        self, info: Info, input: Input[inputs.ReadingsSubmitInput]
    ) -> payloads.ReadingsSubmitPayload:
        """Submit readings («передать показания»): all registers of an account in one call.

        The errors of an entry are listed with it and don't affect the others, unless `atomic`
        requests all or nothing. An unusual reading is kept and waits for `readingsConfirm`. A later
        reading replaces an earlier one of the same month, until it is billed.
        """
        ctx = info.context
        result = await submission.submit(
            ctx.viewer,
            input.to_command(),
            input.idempotency_key,
            SubmissionTime(ctx.now, input.taken_at, ctx.company),
            billing=BILLING,
            signer=ctx.ports.signer,
        )
        ids = [entry.register_id for entry in input.entries]
        return submit_payload(result, input.account_id, ids, ctx.client.language, ctx.rows)

    @mutation(
        access=Access.CUSTOMER,
        codes=[Code.CONFIRM_TOKEN_INVALID, Code.PERIOD_BILLED, *IDEMPOTENCY_CODES],
    )
    async def readings_confirm(
        self, info: Info, input: Input[inputs.ReadingsConfirmInput]
    ) -> payloads.ReadingsConfirmPayload:
        """Confirm that unusual readings are right; staff then review them."""
        ctx = info.context
        keys = await reading_states.confirm(
            ctx.viewer,
            input.token,
            input.idempotency_key,
            billing=BILLING,
            signer=ctx.ports.signer,
            now=ctx.now,
        )
        return payloads.ReadingsConfirmPayload(readings=ctx.rows.by_keys(Reading, keys))

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.READING_NOT_FOUND,
            Code.READING_FINAL,
            Code.READING_IN_BILLING,
            Code.PERIOD_BILLED,
        ],
    )
    async def reading_withdraw(
        self, info: Info, input: Input[inputs.ReadingWithdrawInput]
    ) -> payloads.ReadingWithdrawPayload:
        """Withdraw a reading until its month is billed; an earlier one isn't restored.

        A reading that a file of the billing system has reported or confirmed can only be
        replaced.
        """
        ctx = info.context
        key = await reading_states.withdraw(
            ctx.viewer, key_of(input.reading_id, "rdg"), billing=BILLING
        )
        return payloads.ReadingWithdrawPayload(reading=ctx.rows.by_key(Reading, key))
