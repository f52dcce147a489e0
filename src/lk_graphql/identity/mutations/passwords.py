"""Changing the password, and replacing a forgotten one."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.identity.errors import PASSWORD_CODES
from lk_graphql.identity.errors import IdentityErrorCode as Code
from lk_graphql.identity.service import passwords
from lk_graphql.identity.types import inputs, payloads
from lk_graphql.identity.types.objects import User
from lk_graphql.reads.declare import extends


@extends(Mutation)
class PasswordMutation:
    """Changing the password, and replacing a forgotten one."""

    @mutation(
        access=Access.CUSTOMER,
        codes=(Code.OLD_PASSWORD_WRONG, *PASSWORD_CODES, Code.TOO_MANY_TRIES),
    )
    async def password_change(
        self, info: Info, input: Input[inputs.PasswordChangeInput]
    ) -> payloads.PasswordChangePayload:
        """Change one's password («сменить пароль»); the other sessions end, a mail tells."""
        ctx = info.context
        await passwords.change(
            ctx.viewer,
            input.old_password,
            input.new_password,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        return payloads.PasswordChangePayload(viewer=ctx.rows.by_key(User, ctx.viewer.id))

    @mutation(access=Access.ANYONE, codes=(Code.EMAIL_MALFORMED, Code.TOO_MANY_TRIES))
    async def password_reset_request(
        self, info: Info, input: Input[inputs.PasswordResetRequestInput]
    ) -> payloads.PasswordResetRequestPayload:
        """Mail a link for a new password («забыли пароль»).

        The answer is the same whether the address is known or not.
        """
        ctx = info.context
        await passwords.request_reset(
            input.email, client=ctx.client, links=ctx.ports.links, now=ctx.now
        )
        return payloads.PasswordResetRequestPayload(sent_to=input.email.strip())

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID, *PASSWORD_CODES))
    async def password_reset(
        self, info: Info, input: Input[inputs.PasswordResetInput]
    ) -> payloads.PasswordResetPayload:
        """Set a new password by the link in the mail; all sessions end.

        The link works once, for an hour; a password that is refused doesn't use it up.
        """
        ctx = info.context
        await passwords.reset(
            input.token,
            input.new_password,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        return payloads.PasswordResetPayload(is_reset=True)
