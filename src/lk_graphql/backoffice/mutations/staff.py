"""Staff mutations on their own sessions and on topics of appeals."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.backoffice.service import appeals
from lk_graphql.backoffice.types import appeals as appeal_types
from lk_graphql.backoffice.types import inputs, payloads
from lk_graphql.backoffice.types.appeals import StaffAppealTopic
from lk_graphql.backoffice.types.inputs import staff_action
from lk_graphql.identity.types.objects import SessionDelivery
from lk_graphql.planner.types import extends
from lk_graphql.staff.errors import StaffErrorCode
from lk_graphql.staff.service import members, sessions
from lk_graphql.staff.service.second_factor import Enrolment
from lk_graphql.staff.types import StaffMember


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
            StaffErrorCode.TOO_MANY_TRIES,
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
        result = await sessions.sign_in(
            input.to_command(),
            client=ctx.client,
            now=ctx.now,
            issuer=ctx.company.name,
            passwords=ctx.ports.passwords,
            links=ctx.ports.signer,
        )
        if isinstance(result, Enrolment):
            enrolment = payloads.StaffEnrolment(
                otpauth_uri=result.uri, qr_code=result.qr_code, secret=result.secret
            )
            return payloads.StaffSessionCreatePayload(enrolment=enrolment)
        by_cookie = input.delivery is SessionDelivery.COOKIE
        if by_cookie:
            ctx.set_staff_cookie(result.token, result.expires_at)
        return payloads.StaffSessionCreatePayload(
            member=ctx.rows.as_staff(result.staff).by_key(StaffMember, result.staff.id),
            token=None if by_cookie else result.token,
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
        """Set a password by an invitation, which an administrator has sent."""
        ctx = info.context
        await members.set_password(
            input.token,
            input.new_password,
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.signer,
        )
        return payloads.StaffPasswordSetPayload(is_set=True)


TOPIC_CODES = (
    AppealErrorCode.TEXT_INVALID,
    AppealErrorCode.TERM_INVALID,
    AppealErrorCode.TOPIC_KNOWN,
)


@extends(Mutation)
class StaffTopicMutation:
    """Topics of appeals."""

    @mutation(access=Access.SUPERVISOR, codes=TOPIC_CODES)
    async def staff_appeal_topic_add(
        self, info: Info, input: Input[appeal_types.StaffAppealTopicAddInput]
    ) -> appeal_types.StaffAppealTopicAddPayload:
        """Add a topic after all others («добавить тему»); customers can choose it at once."""
        ctx = info.context
        key = await appeals.add(staff_action(ctx), input.to_command(), today=ctx.today)
        return appeal_types.StaffAppealTopicAddPayload(topic=ctx.rows.by_key(StaffAppealTopic, key))

    @mutation(
        access=Access.SUPERVISOR,
        codes=(*TOPIC_CODES, AppealErrorCode.TOPIC_NOT_FOUND, AppealErrorCode.TOPIC_FIXED),
    )
    async def staff_appeal_topic_change(
        self, info: Info, input: Input[appeal_types.StaffAppealTopicChangeInput]
    ) -> appeal_types.StaffAppealTopicChangePayload:
        """Rename, withdraw or offer a topic, or set its term («изменить тему»).

        The ten topics of the manual keep their names and places; their terms may change.
        """
        ctx = info.context
        key = await appeals.change(
            staff_action(ctx), input.key(), input.to_command(), today=ctx.today
        )
        return appeal_types.StaffAppealTopicChangePayload(
            topic=ctx.rows.by_key(StaffAppealTopic, key)
        )
