"""Root mutations of appeals."""

from collections.abc import Sequence
from uuid import UUID

from lk_graphql.api.context import Context, Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.appeals.errors import AppealErrorCode as Code
from lk_graphql.appeals.service import customers
from lk_graphql.appeals.service.customers import AppealDraft, SubmitOptions
from lk_graphql.appeals.types import inputs, payloads
from lk_graphql.appeals.types.objects import Appeal, AppealMessage
from lk_graphql.kit.ids import key_of
from lk_graphql.planner.types import extends

ATTACHMENT_CODES = (Code.TOO_MANY_ATTACHMENTS, Code.ATTACHMENT_UNUSABLE)
IDEMPOTENCY_CODES = (Code.IDEMPOTENCY_CONFLICT, Code.IDEMPOTENCY_KEY_INVALID)


def upload_keys(upload_ids: Sequence[str]) -> tuple[UUID | None, ...]:
    return tuple(key_of(public, "upl") for public in upload_ids)


def submit_options(ctx: Context, key: str) -> SubmitOptions:
    return SubmitOptions(key, now=ctx.now, company=ctx.company, signer=ctx.ports.signer)


@extends(Mutation)
class AppealsMutation:
    """Create, reply, read, close, reopen, rate."""

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.TOPIC_NOT_FOUND,
            Code.TEXT_INVALID,
            Code.SUBJECT_NOT_FOUND,
            Code.NAME_NOT_HIDEABLE,
            *ATTACHMENT_CODES,
            Code.TOO_MANY_TRIES,
            *IDEMPOTENCY_CODES,
        ],
    )
    async def appeal_create(
        self, info: Info, input: Input[inputs.AppealCreateInput]
    ) -> payloads.AppealCreatePayload:
        """Send an appeal («отправить обращение»); a mail states its number and term."""
        ctx = info.context
        draft = AppealDraft(
            topic_id=key_of(input.topic_id, "tpc"),
            text=input.text,
            about=input.about and input.about.to_command(),
            hides_name=input.hides_name,
            uploads=upload_keys(input.upload_ids),
        )
        key = await customers.create(ctx.viewer, draft, submit_options(ctx, input.idempotency_key))
        return payloads.AppealCreatePayload(appeal=ctx.rows.by_key(Appeal, key))

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.APPEAL_NOT_FOUND,
            Code.APPEAL_CLOSED,
            Code.TEXT_INVALID,
            *ATTACHMENT_CODES,
            Code.TOO_MANY_TRIES,
            *IDEMPOTENCY_CODES,
        ],
    )
    async def appeal_reply(
        self, info: Info, input: Input[inputs.AppealReplyInput]
    ) -> payloads.AppealReplyPayload:
        """Add a message to an appeal; after an answer, a new answer becomes due."""
        ctx, appeal_id = info.context, key_of(input.appeal_id, "apl")
        options = submit_options(ctx, input.idempotency_key)
        key = await customers.reply(
            ctx.viewer, appeal_id, input.text, options, upload_keys(input.upload_ids)
        )
        return payloads.AppealReplyPayload(message=ctx.rows.by_key(AppealMessage, key))

    @mutation(access=Access.CUSTOMER, codes=[Code.APPEAL_NOT_FOUND])
    async def appeal_mark_read(
        self, info: Info, input: Input[inputs.AppealMarkReadInput]
    ) -> payloads.AppealMarkReadPayload:
        """Mark the received messages of an appeal as read, up to a number («прочитано»)."""
        ctx, appeal_id = info.context, key_of(input.appeal_id, "apl")
        key = await customers.mark_read(ctx.viewer, appeal_id, until=input.until, now=ctx.now)
        return payloads.AppealMarkReadPayload(appeal=ctx.rows.by_key(Appeal, key))

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.APPEAL_NOT_FOUND,
            Code.APPEAL_CLOSED,
            Code.APPEAL_NOT_ANSWERED,
            Code.RATING_INVALID,
        ],
    )
    async def appeal_close(
        self, info: Info, input: Input[inputs.AppealCloseInput]
    ) -> payloads.AppealClosePayload:
        """Close an appeal that needs no further answer, optionally with a rating."""
        ctx, appeal_id = info.context, key_of(input.appeal_id, "apl")
        key = await customers.close(ctx.viewer, appeal_id, rating=input.rating, now=ctx.now)
        return payloads.AppealClosePayload(appeal=ctx.rows.by_key(Appeal, key))

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.APPEAL_NOT_FOUND,
            Code.APPEAL_NOT_CLOSED,
            Code.REOPENING_TOO_LATE,
            Code.TEXT_INVALID,
            *ATTACHMENT_CODES,
            Code.TOO_MANY_TRIES,
            *IDEMPOTENCY_CODES,
        ],
    )
    async def appeal_reopen(
        self, info: Info, input: Input[inputs.AppealReopenInput]
    ) -> payloads.AppealReopenPayload:
        """Reopen an appeal that was closed at most 30 days ago."""
        ctx, appeal_id = info.context, key_of(input.appeal_id, "apl")
        options = submit_options(ctx, input.idempotency_key)
        key = await customers.reopen(
            ctx.viewer, appeal_id, input.text, options, upload_keys(input.upload_ids)
        )
        return payloads.AppealReopenPayload(appeal=ctx.rows.by_key(Appeal, key))

    @mutation(
        access=Access.CUSTOMER,
        codes=[Code.APPEAL_NOT_FOUND, Code.APPEAL_NOT_ANSWERED, Code.RATING_INVALID],
    )
    async def appeal_rate(
        self, info: Info, input: Input[inputs.AppealRateInput]
    ) -> payloads.AppealRatePayload:
        """Rate the answer to an appeal («оценить»), before or after closing."""
        ctx, appeal_id = info.context, key_of(input.appeal_id, "apl")
        key = await customers.rate(ctx.viewer, appeal_id, input.rating)
        return payloads.AppealRatePayload(appeal=ctx.rows.by_key(Appeal, key))
