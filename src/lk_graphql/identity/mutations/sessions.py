"""Signing in and out."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.identity.errors import CAPTCHA_CODES
from lk_graphql.identity.errors import IdentityErrorCode as Code
from lk_graphql.identity.service import sessions, signing_in
from lk_graphql.identity.types import inputs, payloads
from lk_graphql.identity.types.choices import SessionDelivery
from lk_graphql.identity.types.objects import User
from lk_graphql.kit import ids
from lk_graphql.reads.declare import extends


@extends(Mutation)
class SessionMutation:
    """Signing in and out."""

    @mutation(
        access=Access.ANYONE,
        codes=(
            Code.EMAIL_MALFORMED,
            Code.WRONG_EMAIL_OR_PASSWORD,
            Code.EMAIL_NOT_ACTIVATED,
            Code.USER_LOCKED,
            Code.CAPTCHA_REQUIRED,
            *CAPTCHA_CODES,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def session_create(
        self, info: Info, input: Input[inputs.SessionCreateInput]
    ) -> payloads.SessionCreatePayload:
        """Sign in («войти») with e-mail and password.

        After three failures within an hour a captcha has to come along; after more of them the
        waits grow. `EMAIL_NOT_ACTIVATED` and `USER_LOCKED` are told only with the right password.
        """
        ctx = info.context
        opened = await signing_in.sign_in(
            input.unpacked(),
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        by_cookie = input.delivery is SessionDelivery.COOKIE
        if by_cookie:
            ctx.set_session_cookie(opened.token, opened.expires_at)
        return payloads.SessionCreatePayload(
            viewer=ctx.rows.seen_by(opened.viewer).by_key(User, opened.viewer.id),
            token=None if by_cookie else opened.token,
            expires_at=opened.expires_at,
        )

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def session_end(
        self, info: Info, input: Input[inputs.SessionEndInput]
    ) -> payloads.SessionEndPayload:
        """Sign out («выйти»), here or everywhere."""
        ctx = info.context
        ended = await sessions.end(ctx.viewer, everywhere=input.everywhere, now=ctx.now)
        ctx.clear_session_cookie()
        return payloads.SessionEndPayload(ended_sessions=ended)

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def session_revoke(
        self, info: Info, input: Input[inputs.SessionRevokeInput]
    ) -> payloads.SessionRevokePayload:
        """End one of one's own sessions («завершить сеанс»)."""
        ctx = info.context
        await sessions.revoke(ctx.viewer, ids.key_of(input.session_id, "ses"), now=ctx.now)
        return payloads.SessionRevokePayload(viewer=ctx.rows.by_key(User, ctx.viewer.id))

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def sessions_revoke_others(
        self, info: Info, input: Input[inputs.SessionsRevokeOthersInput]
    ) -> payloads.SessionsRevokeOthersPayload:
        """End all sessions but this one («завершить остальные сеансы»)."""
        ctx = info.context
        keep = [ids.key_of(public, "ses") for public in input.keep]
        ended = await sessions.revoke_others(ctx.viewer, keep=keep, now=ctx.now)
        return payloads.SessionsRevokeOthersPayload(
            viewer=ctx.rows.by_key(User, ctx.viewer.id), ended_sessions=ended
        )
