"""Becoming a customer of the cabinet."""

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.identity.errors import CAPTCHA_CODES, PASSWORD_CODES
from lk_graphql.identity.errors import IdentityErrorCode as Code
from lk_graphql.identity.service import activation, captchas, registration
from lk_graphql.identity.types import inputs, payloads
from lk_graphql.kit import ids
from lk_graphql.reads.declare import extends


@extends(Mutation)
class CaptchaMutation:
    """Showing that one is a person."""

    @mutation(access=Access.ANYONE, codes=(Code.TOO_MANY_TRIES,))
    async def captcha_create(
        self, info: Info, input: Input[inputs.CaptchaCreateInput]
    ) -> payloads.CaptchaCreatePayload:
        """Draw letters and digits to read («капча»), and speak digits for those who can't see.

        Either code solves it: once, within five minutes, with two mistakes at most.
        """
        ctx = info.context
        shown = await captchas.create(
            drawing=ctx.ports.captchas, client=ctx.client, links=ctx.ports.links, now=ctx.now
        )
        captcha = payloads.Captcha(
            id=strawberry.ID(ids.to_public("cap", shown.id)),
            picture=shown.challenge.picture,
            audio=shown.challenge.audio if input.with_audio else None,
            expires_at=shown.expires_at,
        )
        return payloads.CaptchaCreatePayload(captcha=captcha)


@extends(Mutation)
class RegistrationMutation:
    """Becoming a customer of the cabinet."""

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

        The answer is the same for an address that has a login already; its owner gets a mail
        that says so. All faults of the form come at once.
        """
        ctx = info.context
        await registration.register(
            input.unpacked(),
            client=ctx.client,
            now=ctx.now,
            passwords=ctx.ports.passwords,
            links=ctx.ports.links,
        )
        return payloads.UserRegisterPayload(sent_to=input.email.strip())

    @mutation(access=Access.ANYONE, codes=(Code.LINK_INVALID,))
    async def user_activate(
        self, info: Info, input: Input[inputs.UserActivateInput]
    ) -> payloads.UserActivatePayload:
        """Activate a login («активировать учётную запись») by the link in the mail.

        The link works once, for 24 hours.
        """
        ctx = info.context
        await activation.activate(input.token, links=ctx.ports.links, now=ctx.now)
        return payloads.UserActivatePayload(is_activated=True)

    @mutation(access=Access.ANYONE, codes=(Code.EMAIL_MALFORMED, Code.TOO_MANY_TRIES))
    async def activation_resend(
        self, info: Info, input: Input[inputs.ActivationResendInput]
    ) -> payloads.ActivationResendPayload:
        """Mail the activation link once more.

        The answer is the same whether the address is known or not.
        """
        ctx = info.context
        await activation.resend(input.email, client=ctx.client, links=ctx.ports.links, now=ctx.now)
        return payloads.ActivationResendPayload(sent_to=input.email.strip())
