"""Mutations about logins: registration, sessions, passwords, e-mail address.

The order of the classes is the order of the fields in `schema.graphql`.
"""

import strawberry

from lk_graphql.api import device_cookie
from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.identity.errors import CAPTCHA_CODES, PASSWORD_CODES
from lk_graphql.identity.errors import IdentityErrorCode as Code
from lk_graphql.identity.service import (
    authentication,
    captchas,
    email_change,
    passwords,
    registration,
    sessions,
)
from lk_graphql.identity.service.one_time_links import EMAIL_CHANGE_LIFETIME
from lk_graphql.identity.types import inputs, payloads
from lk_graphql.identity.types.objects import SessionDelivery, User
from lk_graphql.kit import ids
from lk_graphql.planner.types import extends


@extends(Mutation)
class CaptchaMutation:
    """Captchas."""

    @mutation(access=Access.ANYONE, codes=(Code.TOO_MANY_TRIES,))
    async def captcha_create(
        self, info: Info, input: Input[inputs.CaptchaCreateInput]
    ) -> payloads.CaptchaCreatePayload:
        """Create a captcha («капча»): a picture, and a recording for people who can't see.

        The picture has letters and digits, the recording digits. Either code solves it once, within
        five minutes, after at most two wrong codes.
        """
        ctx = info.context
        issued = await captchas.create(
            drawing=ctx.ports.captchas, client=ctx.client, signer=ctx.ports.signer, now=ctx.now
        )
        captcha = payloads.Captcha(
            id=strawberry.ID(ids.to_public("cap", issued.id)),
            picture=issued.challenge.picture,
            audio=issued.challenge.audio if input.with_audio else None,
            expires_at=issued.expires_at,
        )
        return payloads.CaptchaCreatePayload(captcha=captcha)


@extends(Mutation)
class RegistrationMutation:
    """Registration and activation."""

    @mutation(
        access=Access.ANYONE,
        codes=(
            Code.NAME_MALFORMED,
            Code.PATRONYMIC_UNCLEAR,
            Code.EMAIL_MALFORMED,
            Code.PHONE_MALFORMED,
            *PASSWORD_CODES,
            Code.CONSENT_OUTDATED,
            *CAPTCHA_CODES,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def user_register(
        self, info: Info, input: Input[inputs.UserRegisterInput]
    ) -> payloads.UserRegisterPayload:
        """Register («зарегистрироваться»): a mail with an activation link follows.

        The response is the same for an address that has a login already; its owner receives a mail
        about it. All errors of the form are returned at once.
        """
        ctx = info.context
        await registration.register(
            input.to_command(),
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return payloads.UserRegisterPayload(sent_to=input.email.strip())

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID,))
    async def user_activate(
        self, info: Info, input: Input[inputs.UserActivateInput]
    ) -> payloads.UserActivatePayload:
        """Activate a login («активировать учётную запись») by the link in the mail.

        The link works once, for 24 hours. If several registrations of the address wait, perhaps a
        stranger's among them, none of their passwords becomes valid: a link for a new one is sent.
        """
        ctx = info.context
        has_password = await registration.activate(
            input.token, passwords=ctx.ports.passwords, signer=ctx.ports.signer, now=ctx.now
        )
        return payloads.UserActivatePayload(is_activated=True, needs_password=not has_password)

    @mutation(access=Access.ANYONE, codes=(Code.EMAIL_MALFORMED, Code.TOO_MANY_TRIES))
    async def activation_resend(
        self, info: Info, input: Input[inputs.ActivationResendInput]
    ) -> payloads.ActivationResendPayload:
        """Send the activation link by mail again.

        The response is the same whether the address has a login or not.
        """
        ctx = info.context
        await registration.resend_activation(
            input.email, client=ctx.client, signer=ctx.ports.signer, now=ctx.now
        )
        return payloads.ActivationResendPayload(sent_to=input.email.strip())


@extends(Mutation)
class SessionMutation:
    """Sign-in, sign-out and other sessions."""

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

        After three failures within an hour a captcha is required; after further failures the
        waiting times grow. `EMAIL_NOT_ACTIVATED` and `USER_LOCKED` are returned only for the right
        password. A device with an earlier sign-in has counters of its own, so that other people's
        failures don't block it. Sessions whose tokens the request carries are ended.
        """
        ctx = info.context
        by_cookie = input.delivery is SessionDelivery.COOKIE
        if by_cookie:
            device_cookie.require_same_site(ctx)
        session = await authentication.sign_in(
            input.to_command(),
            source=device_cookie.source_of(ctx, input.device_token),
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        device_cookie.clear_ended(ctx)
        if by_cookie:
            device_cookie.deliver(ctx, session)
        return payloads.SessionCreatePayload(
            viewer=ctx.rows.as_viewer(session.viewer).by_key(User, session.viewer.id),
            token=None if by_cookie else session.token,
            device_token=None if by_cookie else session.device_token,
            expires_at=session.expires_at,
        )

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def session_end(
        self, info: Info, input: Input[inputs.SessionEndInput]
    ) -> payloads.SessionEndPayload:
        """Sign out («выйти»), on this device or on all devices."""
        ctx = info.context
        ended = await sessions.end(ctx.viewer, everywhere=input.everywhere, now=ctx.now)
        ctx.clear_session_cookie()
        return payloads.SessionEndPayload(ended_sessions=ended)

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def session_revoke(
        self, info: Info, input: Input[inputs.SessionRevokeInput]
    ) -> payloads.SessionRevokePayload:
        """End a session of the customer («завершить сеанс»)."""
        ctx = info.context
        await sessions.revoke(ctx.viewer, ids.key_of(input.session_id, "ses"), now=ctx.now)
        return payloads.SessionRevokePayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.SESSION_NOT_FOUND,))
    async def sessions_revoke_others(
        self, info: Info, input: Input[inputs.SessionsRevokeOthersInput]
    ) -> payloads.SessionsRevokeOthersPayload:
        """End all sessions except this one («завершить остальные сеансы»)."""
        ctx = info.context
        keep = [ids.key_of(public, "ses") for public in input.keep]
        ended = await sessions.revoke_others(ctx.viewer, keep=keep, now=ctx.now)
        return payloads.SessionsRevokeOthersPayload(ended_sessions=ended)


@extends(Mutation)
class PasswordMutation:
    """Change and reset of the password."""

    @mutation(
        access=Access.CUSTOMER,
        codes=(Code.OLD_PASSWORD_WRONG, *PASSWORD_CODES, Code.TOO_MANY_TRIES),
    )
    async def password_change(
        self, info: Info, input: Input[inputs.PasswordChangeInput]
    ) -> payloads.PasswordChangePayload:
        """Change the password («сменить пароль»); the other sessions end, and a mail is sent."""
        ctx = info.context
        await passwords.change(
            ctx.viewer,
            input.old_password,
            input.new_password,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return payloads.PasswordChangePayload()

    @mutation(access=Access.ANYONE, codes=(Code.EMAIL_MALFORMED, Code.TOO_MANY_TRIES))
    async def password_reset_request(
        self, info: Info, input: Input[inputs.PasswordResetRequestInput]
    ) -> payloads.PasswordResetRequestPayload:
        """Send a link for a new password by mail («забыли пароль»).

        The response is the same whether the address has a login or not.
        """
        ctx = info.context
        await passwords.request_reset(
            input.email, client=ctx.client, signer=ctx.ports.signer, now=ctx.now
        )
        return payloads.PasswordResetRequestPayload(sent_to=input.email.strip())

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID, *PASSWORD_CODES))
    async def password_reset(
        self, info: Info, input: Input[inputs.PasswordResetInput]
    ) -> payloads.PasswordResetPayload:
        """Set a new password by the link in the mail; all sessions end.

        The link works once, for an hour; a refused password doesn't use it up.
        """
        ctx = info.context
        await passwords.reset(
            input.token,
            input.new_password,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return payloads.PasswordResetPayload(is_reset=True)


@extends(Mutation)
class EmailChangeMutation:
    """Change of the e-mail address."""

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
        """Request a new e-mail address («сменить e-mail»): a link is sent to both mailboxes.

        The response is the same for an address that another customer has.
        """
        ctx = info.context
        await email_change.request(
            ctx.viewer,
            input.to_command(),
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return payloads.EmailChangeRequestPayload(confirm_by=ctx.now + EMAIL_CHANGE_LIFETIME)

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID,))
    async def email_change(
        self, info: Info, input: Input[inputs.EmailChangeInput]
    ) -> payloads.EmailChangePayload:
        """Confirm a change of the e-mail address by a link; the second of the two completes it."""
        ctx = info.context
        is_complete = await email_change.confirm(input.token, signer=ctx.ports.signer, now=ctx.now)
        return payloads.EmailChangePayload(is_complete=is_complete)
