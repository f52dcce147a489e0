"""Another address."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.identity.errors import IdentityErrorCode as Code
from lk_graphql.identity.service import email_change
from lk_graphql.identity.service.one_time_links import EMAIL_CHANGE_LASTS
from lk_graphql.identity.types import inputs, payloads
from lk_graphql.reads.declare import extends


@extends(Mutation)
class EmailChangeMutation:
    """Another address."""

    @mutation(
        access=Access.CUSTOMER,
        codes=(
            Code.EMAIL_MALFORMED,
            Code.EMAIL_UNCHANGED,
            Code.OLD_PASSWORD_WRONG,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def email_change_request(
        self, info: Info, input: Input[inputs.EmailChangeRequestInput]
    ) -> payloads.EmailChangeRequestPayload:
        """Ask for another e-mail address («сменить e-mail»): a link goes to both mailboxes.

        The answer is the same for an address that another customer has.
        """
        ctx = info.context
        await email_change.request(
            ctx.viewer,
            input.unpacked(),
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        return payloads.EmailChangeRequestPayload(confirm_by=ctx.now + EMAIL_CHANGE_LASTS)

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID,))
    async def email_change(
        self, info: Info, input: Input[inputs.EmailChangeInput]
    ) -> payloads.EmailChangePayload:
        """Follow one of the two links; the second one, whichever it is, makes the change."""
        ctx = info.context
        is_complete = await email_change.confirm(input.token, links=ctx.ports.links, now=ctx.now)
        return payloads.EmailChangePayload(is_complete=is_complete)
