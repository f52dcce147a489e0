"""Inputs of the identity mutations, each converted to the command of its use case."""

import strawberry

from lk_graphql.api.graphql_types import input_type
from lk_graphql.identity.service.authentication import Credentials
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.email_change import EmailChange
from lk_graphql.identity.service.registration import Registration
from lk_graphql.identity.types.objects import SessionDelivery
from lk_graphql.kit import ids


@input_type
class CaptchaAnswerInput:
    """A solution of a captcha."""

    id: strawberry.ID = strawberry.field(description="The id of the captcha, from `captchaCreate`.")
    code: str = strawberry.field(
        description="The code from the picture or the recording, case-insensitive."
    )

    def to_command(self) -> CaptchaAnswer:
        return CaptchaAnswer(ids.key_of(self.id, "cap"), self.code)


@input_type
class CaptchaCreateInput:
    """A request for a captcha."""

    with_audio: bool = strawberry.field(
        default=True,
        description="Whether to include a recording; without it the response is smaller.",
    )


@input_type
class UserRegisterInput:
    """The registration form («регистрация»)."""

    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(
        default=None, description="The patronymic («отчество»); omitted if there is none."
    )
    has_no_patronymic: bool = strawberry.field(
        default=False, description="Whether the person has no patronymic («нет отчества»)."
    )
    email: str = strawberry.field(
        description="The e-mail address, which becomes the login («логин»)."
    )
    phone: str = strawberry.field(
        description="A Russian telephone number in any of `publicSettings.phoneForms`."
    )
    password: str = strawberry.field(
        description="The password, by the rules of `publicSettings.passwordRules`."
    )
    terms_version: str = strawberry.field(
        description="The version of the TERMS that was shown to the person and agreed to."
    )
    personal_data_version: str = strawberry.field(
        description=(
            "The version of PERSONAL_DATA that was shown to the person and agreed to, "
            "separately from the terms."
        )
    )
    captcha: CaptchaAnswerInput = strawberry.field(
        description="The solved captcha, used up only if the rest of the form is valid."
    )

    def to_command(self) -> Registration:
        return Registration(
            last_name=self.last_name,
            first_name=self.first_name,
            patronymic=self.patronymic,
            has_no_patronymic=self.has_no_patronymic,
            email=self.email,
            phone=self.phone,
            password=self.password,
            terms_version=self.terms_version,
            personal_data_version=self.personal_data_version,
            captcha=self.captcha.to_command(),
        )


@input_type
class UserActivateInput:
    """An activation by the link in the mail."""

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")


@input_type
class ActivationResendInput:
    """A request for another activation mail."""

    email: str = strawberry.field(description="The e-mail address of the registration.")


@input_type
class SessionCreateInput:
    """A sign-in («вход»)."""

    email: str = strawberry.field(description="The login («логин»).")
    password: str = strawberry.field(description="The password («пароль»).")
    delivery: SessionDelivery = strawberry.field(
        description="The delivery of the token, as a cookie or in the payload."
    )
    captcha: CaptchaAnswerInput | None = strawberry.field(
        default=None,
        description="The solved captcha; only needed after the refusal `CAPTCHA_REQUIRED`.",
    )
    device_token: str | None = strawberry.field(
        default=None,
        description=(
            "With delivery BEARER, the `deviceToken` of the last sign-in on this device: it "
            "excludes other people's failed attempts from the limits. Browsers have a cookie "
            "instead."
        ),
    )

    def to_command(self) -> Credentials:
        captcha = self.captcha.to_command() if self.captcha else None
        return Credentials(self.email, self.password, captcha)


@input_type
class SessionEndInput:
    """A sign-out («выход»)."""

    everywhere: bool = strawberry.field(
        default=False, description="Whether to sign out on all other devices too."
    )


@input_type
class SessionRevokeInput:
    """The session to end."""

    session_id: strawberry.ID = strawberry.field(
        description="The id of the session, from `viewer.sessions`."
    )


@input_type
class SessionsRevokeOthersInput:
    """The end of all other sessions, with exceptions."""

    keep: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description="The ids of sessions to keep besides the current one, at most 20.",
    )


@input_type
class PasswordChangeInput:
    """A change of a known password."""

    old_password: str = strawberry.field(
        description="The current password, as a confirmation of identity."
    )
    new_password: str = strawberry.field(
        description="The password, by the rules of `publicSettings.passwordRules`."
    )


@input_type
class PasswordResetRequestInput:
    """A request for a link to set a new password."""

    email: str = strawberry.field(description="The login («логин»).")


@input_type
class PasswordResetInput:
    """A new password in place of a forgotten one."""

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")
    new_password: str = strawberry.field(
        description="The password, by the rules of `publicSettings.passwordRules`."
    )


@input_type
class EmailChangeRequestInput:
    """A request for another e-mail address."""

    new_email: str = strawberry.field(
        description="The new e-mail address, which becomes the login."
    )
    password: str = strawberry.field(
        description="The current password, as a confirmation of identity."
    )

    def to_command(self) -> EmailChange:
        return EmailChange(self.new_email, self.password)


@input_type
class EmailChangeInput:
    """A confirmation by the link in one of the two mails."""

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")
