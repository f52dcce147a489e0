"""Staff send notices once more."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.errors import StaffErrorCode as Code
from lk_graphql.backoffice.service.notices import resend_notice
from lk_graphql.backoffice.types import notices as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.notices import StaffNotice
from lk_graphql.reads.declare import extends

CODES = (
    Code.NOTICE_NOT_FOUND,
    Code.NOTICE_ON_ITS_WAY,
    Code.NOTICE_UNDELIVERABLE,
    Code.TOO_MANY_TRIES,
)


@extends(Mutation)
class StaffNoticeMutation:
    """What staff do with notices."""

    @mutation(access=Access.CLERK, codes=CODES)
    async def staff_notice_resend(
        self, info: Info, input: Input[types.StaffNoticeResendInput]
    ) -> types.StaffNoticeResendPayload:
        """Send a notice again («отправить повторно») by e-mail and SMS, as the customer allows.

        Not where they have switched it off or nothing can be delivered. Once in ten minutes, three
        times a day.
        """
        ctx = info.context
        today = ctx.company.today(ctx.now)
        key = await resend_notice(doing(ctx), input.key(), today=today, links=ctx.ports.links)
        return types.StaffNoticeResendPayload(notice=ctx.rows.by_key(StaffNotice, key))
