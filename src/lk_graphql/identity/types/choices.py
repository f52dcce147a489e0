# ruff: noqa: S106 - codes, not passwords
"""Enums, described value by value."""

from enum import Enum

import strawberry

from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.models import ConsentAction, DocumentKind
from lk_graphql.reads.declare import choices


@strawberry.enum(description="How the session's token reaches the client.")
class SessionDelivery(Enum):
    """Chosen at the sign-in."""

    COOKIE = strawberry.enum_value(
        "COOKIE", description="In a cookie that scripts can't read: for web pages."
    )
    BEARER = strawberry.enum_value(
        "BEARER", description="In the payload, for `Authorization: Bearer …`: for programs."
    )


choices(
    DocumentKind,
    "What a document is about.",
    TERMS="The terms of use («условия использования»).",
    PERSONAL_DATA=(
        "The processing of personal data («согласие на обработку персональных данных»)."
    ),
    SMS="Getting SMS («согласие на получение SMS»); asked of those who switch them on.",
)

choices(
    ConsentAction,
    "What a person did with a document.",
    GIVEN="Agreed to it.",
    WITHDRAWN="Withdrew the agreement («отозвано»).",
)

choices(
    IdentityErrorCode,
    "Why something about a login was refused. Codes never change.",
    NAME_MALFORMED="A name is missing, too long, or holds something that names don't.",
    PATRONYMIC_UNCLEAR="Neither a patronymic nor `hasNoPatronymic`, or both.",
    EMAIL_MALFORMED="Not an address that we could write to.",
    PHONE_MALFORMED="Not a Russian telephone number; see `publicSettings.phoneForms`.",
    PASSWORD_TOO_SHORT="Fewer characters than `publicSettings.passwordRules.shortest`.",
    PASSWORD_TOO_LONG="More characters than `publicSettings.passwordRules.longest`.",
    PASSWORD_NO_LOWER_CASE="No Latin lower-case letter.",
    PASSWORD_NO_UPPER_CASE="No Latin capital letter.",
    PASSWORD_NO_DIGIT="No digit.",
    PASSWORD_FORBIDDEN_CHARACTER="A character that passwords can't have here.",
    PASSWORD_COMMON="One of the passwords that are tried first.",
    PASSWORD_CONTAINS_EMAIL="The name of the mailbox stands in it.",
    OLD_PASSWORD_WRONG="The current password, asked again to be sure, is another.",
    CONSENT_OUTDATED=(
        "The version isn't the current one: show `publicSettings.consentDocuments` again."
    ),
    CAPTCHA_REQUIRED="After some failures a captcha must come along: `captchaCreate`.",
    CAPTCHA_WRONG="Not what the picture shows; the same picture may be tried again.",
    CAPTCHA_EXPIRED="Too old, used, or failed three times: `captchaCreate` gives a new one.",
    WRONG_EMAIL_OR_PASSWORD="No such customer, or another password; which is never told.",
    EMAIL_NOT_ACTIVATED=(
        "The password is right, but the link in the mail wasn't followed: `activationResend`."
    ),
    USER_LOCKED="The password is right, but the company has locked the login.",
    LINK_INVALID="The link in the mail is used, too old, or was never ours.",
    EMAIL_UNCHANGED="It is the address already.",
    SESSION_NOT_FOUND="No living session of yours has this id.",
    TOO_MANY_TRIES="A limit is used up: wait until `retryAt`.",
)
