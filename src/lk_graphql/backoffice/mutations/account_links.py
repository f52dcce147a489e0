"""Staff decide about suspended links."""

from uuid import UUID

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.errors import StaffErrorCode as Code
from lk_graphql.backoffice.service import account_links
from lk_graphql.backoffice.types import inputs, payloads
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.customers import StaffAccountLink
from lk_graphql.kit.ids import key_of
from lk_graphql.reads.declare import extends

CODES = (Code.LINK_NOT_SUSPENDED, Code.REASON_REQUIRED)


@extends(Mutation)
class StaffLinkMutation:
    """Staff decide about suspended links."""

    @mutation(access=Access.SUPERVISOR, codes=CODES)
    async def staff_link_restore(
        self, info: Info, input: Input[inputs.StaffLinkRestoreInput]
    ) -> payloads.StaffLinkRestorePayload:
        """Give a customer a suspended account back («восстановить доступ»); a mail says so."""
        key = await _decided(info, input, restored=True)
        link = info.context.rows.by_key(StaffAccountLink, key)
        return payloads.StaffLinkRestorePayload(link=link)

    @mutation(access=Access.SUPERVISOR, codes=CODES)
    async def staff_link_end(
        self, info: Info, input: Input[inputs.StaffLinkEndInput]
    ) -> payloads.StaffLinkEndPayload:
        """End a suspended link for good («закрыть доступ»); a mail says so."""
        key = await _decided(info, input, restored=False)
        link = info.context.rows.by_key(StaffAccountLink, key)
        return payloads.StaffLinkEndPayload(link=link)


async def _decided(info: Info, input: inputs.StaffLinkRestoreInput, *, restored: bool) -> UUID:
    by, key = doing(info.context), key_of(input.link_id, "sal")
    return await account_links.decide(by, key, input.reason, restored=restored)
