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
    """The code that a person read in a picture or heard."""

    id: strawberry.ID = strawberry.field(description="From `captchaCreate`.")
    code: str = strawberry.field(description="What was read or heard; case doesn't matter.")

    def to_command(self) -> CaptchaAnswer:
        return CaptchaAnswer(ids.key_of(self.id, "cap"), self.code)


@input_type
class CaptchaCreateInput:
    """A wish for a picture to read letters from."""

    with_audio: bool = strawberry.field(
        default=True, description="Whether to make a recording too; without it less is sent."
    )


@input_type
class UserRegisterInput:
    """The registration form («регистрация»)."""

    last_name: str = strawberry.field(description="The surname («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(
        default=None, description="The patronymic («отчество»), unless there is none."
    )
    has_no_patronymic: bool = strawberry.field(
        default=False, description="Says that there is no patronymic («нет отчества»)."
    )
    email: str = strawberry.field(description="The address; it will be the login («логин»).")
    phone: str = strawberry.field(
        description="A Russian telephone number in any of `publicSettings.phoneForms`."
    )
    password: str = strawberry.field(description="Keeps `publicSettings.passwordRules`.")
    terms_version: str = strawberry.field(
        description="The version of the TERMS that the person was shown and has agreed to."
    )
    personal_data_version: str = strawberry.field(
        description="The version of PERSONAL_DATA that the person was shown and has agreed to, "
        "apart from the terms."
    )
    captcha: CaptchaAnswerInput = strawberry.field(
        description="Used up only when the rest of the form is right."
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
    """The link in the mail."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")


@input_type
class ActivationResendInput:
    """Whom to mail the activation link once more."""

    email: str = strawberry.field(description="The address of the registration.")


@input_type
class SessionCreateInput:
    """A sign-in («вход»)."""

    email: str = strawberry.field(description="The login («логин»).")
    password: str = strawberry.field(description="The password («пароль»).")
    delivery: SessionDelivery = strawberry.field(
        description="Whether the token comes as a cookie or in the payload."
    )
    captcha: CaptchaAnswerInput | None = strawberry.field(
        default=None, description="Only needed after the refusal `CAPTCHA_REQUIRED`."
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="With delivery BEARER: the `deviceToken` of the last sign-in on this device, so"
        " that strangers' failures don't count for it. Browsers have a cookie instead.",
    )

    def to_command(self) -> Credentials:
        captcha = self.captcha.to_command() if self.captcha else None
        return Credentials(self.email, self.password, captcha)


@input_type
class SessionEndInput:
    """A sign-out («выход»)."""

    everywhere: bool = strawberry.field(
        default=False, description="Whether to sign out on all other devices as well."
    )


@input_type
class SessionRevokeInput:
    """Which session to end."""

    session_id: strawberry.ID = strawberry.field(description="From `viewer.sessions`.")


@input_type
class SessionsRevokeOthersInput:
    """Which sessions to spare."""

    keep: list[strawberry.ID] = strawberry.field(
        default_factory=list[strawberry.ID],
        description="Ids of sessions that go on besides the current one; 20 at most.",
    )


@input_type
class PasswordChangeInput:
    """A change of the password that one knows."""

    old_password: str = strawberry.field(description="The current one, to be sure who asks.")
    new_password: str = strawberry.field(description="Keeps `publicSettings.passwordRules`.")


@input_type
class PasswordResetRequestInput:
    """Whom to mail a link for a new password."""

    email: str = strawberry.field(description="The login («логин»).")


@input_type
class PasswordResetInput:
    """A new password for a forgotten one."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")
    new_password: str = strawberry.field(description="Keeps `publicSettings.passwordRules`.")


@input_type
class EmailChangeRequestInput:
    """A wish for another address."""

    new_email: str = strawberry.field(description="The address that will be the login.")
    password: str = strawberry.field(description="The current password, to be sure who asks.")

    def to_command(self) -> EmailChange:
        return EmailChange(self.new_email, self.password)


@input_type
class EmailChangeInput:
    """The link in one of the two mails."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")
