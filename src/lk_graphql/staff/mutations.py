"""Mutations of staff's sessions, and of the administration of members."""

from datetime import datetime
from uuid import UUID

from lk_graphql.api import device_cookie
from lk_graphql.api.context import Context, Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.identity.types.objects import SessionDelivery
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import extends
from lk_graphql.staff.errors import StaffErrorCode
from lk_graphql.staff.service import members, sessions, sign_in
from lk_graphql.staff.service.members import MemberChange
from lk_graphql.staff.service.second_factor import Enrolment
from lk_graphql.staff.types import inputs, payloads
from lk_graphql.staff.types.inputs import staff_action
from lk_graphql.staff.types.objects import StaffMember


@extends(Mutation)
class StaffSessionMutation:
    """Sign-in, sign-out and password of staff."""

    @mutation(
        access=Access.ANYONE,
        codes=(
            StaffErrorCode.WRONG_EMAIL_OR_PASSWORD,
            StaffErrorCode.CODE_REQUIRED,
            StaffErrorCode.CODE_WRONG,
            StaffErrorCode.STAFF_LOCKED,
            StaffErrorCode.CAPTCHA_REQUIRED,
            StaffErrorCode.CAPTCHA_WRONG,
            StaffErrorCode.CAPTCHA_EXPIRED,
            StaffErrorCode.TOO_MANY_TRIES,
        ),
    )
    async def staff_session_create(
        self, info: Info, input: Input[inputs.StaffSessionCreateInput]
    ) -> payloads.StaffSessionCreatePayload:
        """Sign in as staff, with a password and a code of an authenticator app.

        For the first sign-in omit the code and show `enrolment`; the first code enrols the app. A
        session ends after 12 hours, or after half an hour without a request.

        Failures are limited as those of `sessionCreate`, with a captcha after three. An
        administrator can lift the limit at once: `staffMemberUnlock`, `staffMemberInvite`.
        Sessions end if their tokens are sent along.
        """
        ctx = info.context
        by_cookie = input.delivery is SessionDelivery.COOKIE
        if by_cookie:
            device_cookie.require_same_site(ctx)
        result = await sign_in.sign_in(
            input.to_command(),
            source=device_cookie.source_of(ctx, input.device_token, is_for_staff=True),
            now=ctx.now,
            issuer=ctx.company.name,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        if isinstance(result, Enrolment):
            enrolment = payloads.StaffEnrolment(
                otpauth_uri=result.uri, qr_code=result.qr_code, secret=result.secret
            )
            return payloads.StaffSessionCreatePayload(enrolment=enrolment)
        device_cookie.clear_ended(ctx)
        if by_cookie:
            device_cookie.deliver(ctx, result, is_for_staff=True)
        return payloads.StaffSessionCreatePayload(
            member=ctx.rows.as_staff(result.staff).by_key(StaffMember, result.staff.id),
            token=None if by_cookie else result.token,
            device_token=None if by_cookie else result.device_token,
            expires_at=result.expires_at,
            recovery_codes=result.recovery_codes or None,
        )

    @mutation(access=Access.CLERK, codes=(StaffErrorCode.SESSION_OVER,))
    async def staff_session_end(
        self, info: Info, input: Input[inputs.StaffSessionEndInput]
    ) -> payloads.StaffSessionEndPayload:
        """Sign out («выйти»)."""
        ctx = info.context
        count = await sessions.end(
            ctx.staff, everywhere=input.everywhere, client=ctx.client, now=ctx.now
        )
        ctx.clear_staff_cookie()
        return payloads.StaffSessionEndPayload(ended_sessions=count)

    @mutation(
        access=Access.ANYONE,
        codes=(StaffErrorCode.INVITATION_INVALID, StaffErrorCode.PASSWORD_REFUSED),
    )
    async def staff_password_set(
        self, info: Info, input: Input[inputs.StaffPasswordSetInput]
    ) -> payloads.StaffPasswordSetPayload:
        """Set a password by an administrator's invitation."""
        ctx = info.context
        await members.set_password(
            input.token,
            input.new_password,
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return payloads.StaffPasswordSetPayload(is_set=True)


MEMBER_CODES = (StaffErrorCode.MEMBER_NOT_FOUND, StaffErrorCode.REASON_REQUIRED)


@extends(Mutation)
class StaffMemberMutation:
    """Members of staff."""

    @mutation(
        access=Access.ADMIN,
        codes=(
            StaffErrorCode.MEMBER_EXISTS,
            StaffErrorCode.EMAIL_MALFORMED,
            StaffErrorCode.NAME_MALFORMED,
        ),
    )
    async def staff_member_add(
        self, info: Info, input: Input[inputs.StaffMemberAddInput]
    ) -> payloads.StaffMemberAddPayload:
        """Add a member of staff («добавить сотрудника»), with a link to set a password."""
        ctx = info.context
        member = await members.add(input.to_command(), _change(ctx))
        url, expires_at = await _invitation(ctx, member.id)
        return payloads.StaffMemberAddPayload(
            member=ctx.rows.by_key(StaffMember, member.id),
            invitation_url=Url(url),
            expires_at=expires_at,
        )

    @mutation(access=Access.ADMIN, codes=(StaffErrorCode.MEMBER_NOT_FOUND,))
    async def staff_member_invite(
        self, info: Info, input: Input[inputs.StaffMemberInviteInput]
    ) -> payloads.StaffMemberInvitePayload:
        """Create a link that sets a (new) password («пригласить»); earlier links become invalid."""
        ctx, key = info.context, input.key()
        url, expires_at = await _invitation(ctx, key)
        return payloads.StaffMemberInvitePayload(
            member=key and ctx.rows.by_key(StaffMember, key),
            invitation_url=Url(url),
            expires_at=expires_at,
        )

    @mutation(access=Access.ADMIN, codes=(*MEMBER_CODES, StaffErrorCode.LAST_ADMIN))
    async def staff_member_lock(
        self, info: Info, input: Input[inputs.StaffMemberLockInput]
    ) -> payloads.StaffMemberLockPayload:
        """Lock a member of staff out («закрыть доступ»); their sessions end at once."""
        ctx = info.context
        key = await members.lock(input.key(), _reasoned_change(ctx, input.reason))
        return payloads.StaffMemberLockPayload(member=ctx.rows.by_key(StaffMember, key))

    @mutation(access=Access.ADMIN, codes=MEMBER_CODES)
    async def staff_member_unlock(
        self, info: Info, input: Input[inputs.StaffMemberUnlockInput]
    ) -> payloads.StaffMemberUnlockPayload:
        """Unlock a member of staff («открыть доступ»), also after too many failed attempts."""
        ctx = info.context
        change = _reasoned_change(ctx, input.reason)
        key = await members.unlock(input.key(), change, signer=ctx.ports.signer)
        return payloads.StaffMemberUnlockPayload(member=ctx.rows.by_key(StaffMember, key))

    @mutation(access=Access.ADMIN, codes=(*MEMBER_CODES, StaffErrorCode.LAST_ADMIN))
    async def staff_member_role_change(
        self, info: Info, input: Input[inputs.StaffMemberRoleChangeInput]
    ) -> payloads.StaffMemberRoleChangePayload:
        """Change a member's role («изменить роль»), effective from the next request."""
        ctx = info.context
        change = _reasoned_change(ctx, input.reason)
        key = await members.change_role(input.key(), input.role, change)
        return payloads.StaffMemberRoleChangePayload(member=ctx.rows.by_key(StaffMember, key))

    @mutation(access=Access.ADMIN, codes=MEMBER_CODES)
    async def staff_member_factor_reset(
        self, info: Info, input: Input[inputs.StaffMemberFactorResetInput]
    ) -> payloads.StaffMemberFactorResetPayload:
        """Reset a lost second factor («сбросить второй фактор»); the next sign-in enrols one."""
        ctx = info.context
        change = _reasoned_change(ctx, input.reason)
        key = await members.reset_second_factor(input.key(), change)
        return payloads.StaffMemberFactorResetPayload(member=ctx.rows.by_key(StaffMember, key))


def _change(ctx: Context) -> MemberChange:
    return MemberChange(ctx.now, staff_action(ctx))


def _reasoned_change(ctx: Context, typed_reason: str) -> MemberChange:
    """Raises `ReasonRequired`."""
    return members.by_admin(staff_action(ctx), typed_reason)


async def _invitation(ctx: Context, member_id: UUID | None) -> tuple[str, datetime]:
    """The address of an invitation, and its end. Raises `MemberNotFound`."""
    token = await members.invite(member_id, _change(ctx), signer=ctx.ports.signer)
    url = f"{ctx.company.public_url}{members.INVITATION_PAGE}#token={token}"
    return url, ctx.now + members.INVITATION_LIFETIME
