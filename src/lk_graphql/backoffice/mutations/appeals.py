"""Staff answer customers."""

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.appeals.errors import AppealErrorCode as Code
from lk_graphql.appeals.mutations import FILES, keys
from lk_graphql.backoffice.service import appeals
from lk_graphql.backoffice.types import appeals as types
from lk_graphql.backoffice.types import attachments as attached
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.appeals import StaffAppeal
from lk_graphql.kit.ids import named, to_public
from lk_graphql.reads.declare import extends
from lk_graphql.uploads.mutations import ANNOUNCING, announced
from lk_graphql.uploads.service.announcing import Uploader, of_answers

OPEN = (Code.APPEAL_NOT_FOUND, Code.APPEAL_CLOSED)


@extends(Mutation)
class StaffAppealMutation:
    """Staff answer customers."""

    @mutation(access=Access.CLERK, codes=(*OPEN, Code.APPEAL_TAKEN))
    async def staff_appeal_claim(
        self, info: Info, input: Input[types.StaffAppealClaimInput]
    ) -> types.StaffAppealClaimPayload:
        """Take an appeal out of the queue («взять в работу»)."""
        ctx = info.context
        key = await appeals.claim(doing(ctx), input.key())
        return types.StaffAppealClaimPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=ANNOUNCING)
    async def staff_attachment_create(
        self, info: Info, input: Input[attached.StaffAttachmentCreateInput]
    ) -> attached.StaffAttachmentCreatePayload:
        """Announce a file for an answer («приложить документ»), and get the URL to PUT it to.

        It is checked as customers' files are. `staff.uploads` shows how far it is: an answer takes
        it once it is READY.
        """
        ctx = info.context
        who = Uploader(staff_id=ctx.staff.id)
        key, url = await announced(ctx, who, input.unpacked(), allowance=of_answers(ctx.ports))
        return attached.StaffAttachmentCreatePayload(
            upload_id=strawberry.ID(to_public("upl", key)), url=url
        )

    @mutation(access=Access.CLERK, codes=(*OPEN, Code.APPEAL_TAKEN, Code.TEXT_INVALID, *FILES))
    async def staff_appeal_answer(
        self, info: Info, input: Input[types.StaffAppealAnswerInput]
    ) -> types.StaffAppealAnswerPayload:
        """Answer an appeal («ответить»), taking it if nobody has; the customer is told."""
        ctx = info.context
        key = await appeals.answer(doing(ctx), input.key(), input.text, keys(input.upload_ids))
        return types.StaffAppealAnswerPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=(Code.APPEAL_NOT_FOUND, Code.TEXT_INVALID))
    async def staff_appeal_note(
        self, info: Info, input: Input[types.StaffAppealNoteInput]
    ) -> types.StaffAppealNotePayload:
        """Write something for colleagues («внутренняя заметка»); no customer sees it."""
        ctx = info.context
        key = await appeals.note(doing(ctx), input.key(), input.text)
        return types.StaffAppealNotePayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=(*OPEN, Code.TOPIC_NOT_FOUND, Code.COLLEAGUE_NOT_FOUND))
    async def staff_appeal_transfer(
        self, info: Info, input: Input[types.StaffAppealTransferInput]
    ) -> types.StaffAppealTransferPayload:
        """Hand an appeal to a colleague, or back into the queue («передать»)."""
        ctx = info.context
        key = await appeals.transfer(
            doing(ctx),
            input.key(),
            to=named(input.member_id, "stf"),
            topic_id=named(input.topic_id, "tpc"),
            today=ctx.today,
        )
        return types.StaffAppealTransferPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=OPEN)
    async def staff_appeal_close(
        self, info: Info, input: Input[types.StaffAppealCloseInput]
    ) -> types.StaffAppealClosePayload:
        """Close an appeal that needs no answer any more («закрыть»)."""
        ctx = info.context
        key = await appeals.close(doing(ctx), input.key())
        return types.StaffAppealClosePayload(appeal=ctx.rows.by_key(StaffAppeal, key))
