"""Staff sign in and out."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.errors import StaffErrorCode as Code
from lk_graphql.backoffice.service import members, sessions, signing_in
from lk_graphql.backoffice.service.second_factor import Enrolment
from lk_graphql.backoffice.types import inputs, payloads
from lk_graphql.backoffice.types.objects import StaffMember
from lk_graphql.identity.types.choices import SessionDelivery
from lk_graphql.reads.declare import extends


@extends(Mutation)
class StaffSessionMutation:
    """Staff sign in and out."""

    @mutation(
        access=Access.ANYONE,
        codes=(
            Code.WRONG_EMAIL_OR_PASSWORD,
            Code.CODE_REQUIRED,
            Code.CODE_WRONG,
            Code.STAFF_LOCKED,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def staff_session_create(
        self, info: Info, input: Input[inputs.StaffSessionCreateInput]
    ) -> payloads.StaffSessionCreatePayload:
        """Sign in as staff, with a password and a code of an authenticator app.

        The first time leave the code out and show `enrolment`; the first code enrols the app. A
        session ends after 12 hours, or after half an hour without a request.
        """
        ctx = info.context
        done = await signing_in.sign_in(
            input.unpacked(),
            client=ctx.client,
            now=ctx.now,
            issuer=ctx.company.name,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        if isinstance(done, Enrolment):
            shown = payloads.StaffEnrolment(
                otpauth_uri=done.uri, qr_code=done.qr_code, secret=done.secret
            )
            return payloads.StaffSessionCreatePayload(enrolment=shown)
        by_cookie = input.delivery is SessionDelivery.COOKIE
        if by_cookie:
            ctx.set_staff_cookie(done.token, done.expires_at)
        return payloads.StaffSessionCreatePayload(
            member=ctx.rows.seen_by_staff(done.staff).by_key(StaffMember, done.staff.id),
            token=None if by_cookie else done.token,
            expires_at=done.expires_at,
            recovery_codes=done.recovery_codes or None,
        )

    @mutation(access=Access.CLERK, codes=(Code.SESSION_OVER,))
    async def staff_session_end(
        self, info: Info, input: Input[inputs.StaffSessionEndInput]
    ) -> payloads.StaffSessionEndPayload:
        """Sign out («выйти»)."""
        ctx = info.context
        ended = await sessions.end(
            ctx.staff, everywhere=input.everywhere, client=ctx.client, now=ctx.now
        )
        ctx.clear_staff_cookie()
        return payloads.StaffSessionEndPayload(ended_sessions=ended)

    @mutation(access=Access.ANYONE, codes=(Code.INVITATION_INVALID, Code.PASSWORD_REFUSED))
    async def staff_password_set(
        self, info: Info, input: Input[inputs.StaffPasswordSetInput]
    ) -> payloads.StaffPasswordSetPayload:
        """Set a password by an invitation, which an administrator has sent."""
        ctx = info.context
        await members.set_password(
            input.token,
            input.new_password,
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        return payloads.StaffPasswordSetPayload(is_set=True)
