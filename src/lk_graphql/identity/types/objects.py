"""Users, sessions, consents and public settings as GraphQL types.

Other slices add fields with `@extends(PublicSettings)`: `derived` ones if they need no rows, as a
plan answers these.
"""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.identity import models
from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.models import ConsentAction, DocumentKind
from lk_graphql.identity.service import captchas, consents, limits
from lk_graphql.identity.service.consents import REGISTRATION_DOCUMENTS
from lk_graphql.identity.types import rules
from lk_graphql.kit import emails
from lk_graphql.kit.languages import Language
from lk_graphql.planner.types import (
    AFTER_NOW,
    PUBLIC,
    Node,
    choices,
    column,
    declaration,
    derived,
    expression,
    labels,
    reads,
    related,
    root,
)
from lk_graphql.ports import Ports

# ruff: noqa: S106 - codes, not passwords


@strawberry.enum(description="The way of delivering a session's token to the client.")
class SessionDelivery(Enum):
    """The delivery of a session's token, chosen by the client at sign-in."""

    COOKIE = strawberry.enum_value(
        "COOKIE", description="A cookie that scripts can't read, for web pages."
    )
    BEARER = strawberry.enum_value(
        "BEARER", description="The payload, for the header `Authorization: Bearer …` of programs."
    )


labels(
    SessionDelivery,
    COOKIE=("В cookie", "In a cookie"),
    BEARER=("Токен в ответе", "A token in the response"),
)


choices(
    DocumentKind,
    "The subject of a document.",
    TERMS="The terms of use («условия использования»).",
    PERSONAL_DATA=(
        "The processing of personal data («согласие на обработку персональных данных»)."
    ),
    SMS="The receipt of SMS («согласие на получение SMS»), required for switching them on.",
)
labels(
    DocumentKind,
    TERMS=("Условия использования", "Terms of use"),
    PERSONAL_DATA=(
        "Согласие на обработку персональных данных",
        "Consent to the processing of personal data",
    ),
    SMS=("Согласие на получение SMS", "Consent to receiving SMS"),
)

choices(
    ConsentAction,
    "An action of a person on a document.",
    GIVEN="The person agreed to the document.",
    WITHDRAWN="The person withdrew the agreement («отозвано»).",
)
labels(
    ConsentAction,
    GIVEN=("Дано", "Given"),
    WITHDRAWN=("Отозвано", "Withdrawn"),
)

choices(
    IdentityErrorCode,
    "The reason for refusing an operation on a login. Codes never change.",
    NAME_MALFORMED="A name is missing, too long, or contains invalid characters.",
    PATRONYMIC_UNCLEAR="Neither a patronymic nor `hasNoPatronymic` was given, or both were.",
    EMAIL_MALFORMED="The e-mail address is malformed.",
    PHONE_MALFORMED="The text isn't a Russian telephone number; see `publicSettings.phoneForms`.",
    PASSWORD_TOO_SHORT=(
        "The password has fewer characters than `publicSettings.passwordRules.shortest`."
    ),
    PASSWORD_TOO_LONG=(
        "The password has more characters than `publicSettings.passwordRules.longest`."
    ),
    PASSWORD_NO_LOWER_CASE="The password has no Latin lower-case letter.",
    PASSWORD_NO_UPPER_CASE="The password has no Latin capital letter.",
    PASSWORD_NO_DIGIT="The password has no digit.",
    PASSWORD_FORBIDDEN_CHARACTER="The password contains a character that isn't allowed.",
    PASSWORD_COMMON="The password is one of the common passwords, which attackers try first.",
    PASSWORD_CONTAINS_EMAIL="The password contains the name of the mailbox.",
    PASSWORD_CONTAINS_COMPANY=(
        "The password contains a word of the company's name or of the cabinet's address."
    ),
    OLD_PASSWORD_WRONG="The current password, required as a confirmation, is wrong.",
    CONSENT_OUTDATED="The version isn't current: show `publicSettings.consentDocuments` again.",
    CAPTCHA_REQUIRED="A captcha is required after several failures: create one by `captchaCreate`.",
    CAPTCHA_WRONG="The code is wrong; another attempt with the same captcha is possible.",
    CAPTCHA_EXPIRED=(
        "The captcha is expired, used, or failed three times: create another by `captchaCreate`."
    ),
    WRONG_EMAIL_OR_PASSWORD=(
        "The customer doesn't exist or the password is wrong; the code doesn't distinguish them."
    ),
    EMAIL_NOT_ACTIVATED=(
        "The password is right, but the login isn't activated by the link in the mail: "
        "request another by `activationResend`."
    ),
    USER_LOCKED="The password is right, but the company has locked the login.",
    LINK_INVALID="The link in the mail is used, expired, or wasn't issued by the server.",
    EMAIL_UNCHANGED="The new address is the current one.",
    SESSION_NOT_FOUND="No active session of the customer has this id.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
)


def is_required(kind: models.DocumentKind) -> bool:
    return kind in REGISTRATION_DOCUMENTS


@reads(models.Document, prefix="doc", owned_through=PUBLIC)
class ConsentDocument(Node):
    """A version of a text that customers agree to; its text never changes."""

    kind: models.DocumentKind = column("The subject of the document.")
    is_required: bool = derived(
        "Whether a registration requires consent to it; the others are requested when they "
        "are needed.",
        is_required,
    )
    version: str = column("The version to send with the consent, `2025-09-01`.")
    title: str = column("The title of the document.")
    text: str = column("The full text, in Russian, as Markdown.")
    sha256: str = column("The SHA-256 of the text in UTF-8, as hex digits.")
    valid_from: datetime = column("The date and time from which the version is valid.")


@reads(models.Consent, prefix="cns", owned_through="user")
class Consent(Node):
    """A consent of the customer or its withdrawal («согласие»); never deleted."""

    action: models.ConsentAction = column("The customer's action.")
    happened_at: datetime = column("The date and time of the action.")
    client_address: str = column("The network address of the client.")
    user_agent: str = column("The user agent that the browser or the program sent.")
    document: ConsentDocument = related("The version of the document that was shown.")


def is_current(id: UUID, session: UUID | None) -> bool:
    return id == session


@reads(models.Session, prefix="ses", owned_through="user")
class Session(Node):
    """A sign-in on one device («сеанс»)."""

    created_at: datetime = column("The date and time of the sign-in.")
    expires_at: datetime = column("The date and time at which the session expires.")
    client_address: str = column("The network address of the sign-in.")
    user_agent: str = column("The user agent that the browser or the program sent.")
    is_current: bool = expression(
        "Whether it is the session of this request.",
        sql="{id} IS NOT DISTINCT FROM {session}",
        python=is_current,
    )


def full_name(last_name: str, first_name: str, patronymic: str | None) -> str:
    return " ".join(filter(None, (last_name, first_name, patronymic)))


@reads(models.User, prefix="usr", owned_through="")
class User(Node):
    """A person who can sign in («пользователь»)."""

    email: str = column("The e-mail address, which is the login («логин»).")
    phone: str = column("The telephone number, `+79131234567`.")
    last_name: str = column("The last name («фамилия»).")
    first_name: str = column("The first name («имя»).")
    patronymic: str | None = column("The patronymic («отчество»); null if there is none.")
    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    registered_at: datetime = column(
        "The date and time at which the registration form was sent.", of="created_at"
    )
    password_changed_at: datetime = column(
        "The date and time of the last change of the password, or of its first setting."
    )
    sessions: list[Session] = related(
        "The active sessions, the newest first; at most 20.",
        order_by="-created_at",
        where={"ended_at": None, "expires_at": AFTER_NOW, "staff_id": None},
    )
    consents: list[Consent] = related(
        "The customer's consents and withdrawals, the newest first.", order_by="-happened_at"
    )


def password_rules(language: Language, ports: Ports) -> rules.PasswordRules:
    return rules.password_rules_in(language, strict=ports.passwords.strict)


def phone_forms() -> list[str]:
    return ["+7 (913) 123-45-67", "8 913 123-45-67", "79131234567", "9131234567"]


@root
class PublicSettings:
    """The settings that a frontend needs before sign-in."""

    password_rules: rules.PasswordRules = derived("The rules of passwords.", password_rules)
    name_rules: rules.NameRules = derived(
        "The rules of surnames, first names and patronymics («ФИО»).", rules.name_rules_in
    )
    longest_email: int = derived(
        "The maximum number of characters of an e-mail address.", lambda: emails.MAX_LENGTH
    )
    phone_forms: list[str] = derived(
        "The accepted forms of a telephone number, as examples.", phone_forms
    )
    captcha_seconds: int = derived(
        "The number of seconds for which a captcha is valid.",
        lambda: int(captchas.LIFETIME.total_seconds()),
    )
    captcha_tries: int = derived(
        "The number of wrong codes after which a captcha is used up.",
        lambda: captchas.MAX_FAILURES,
    )
    mailed_links: rules.MailedLinkRules = derived(
        "The periods of validity of the links in mails.", rules.mailed_link_rules
    )
    scalar_patterns: list[rules.ScalarPattern] = derived(
        "The accepted forms of the scalars that people type.", rules.scalar_patterns
    )
    idempotency_keys: rules.IdempotencyRules = derived(
        "The rules of `idempotencyKey`, for every mutation with one.", rules.idempotency_rules
    )
    mail_cooldown_seconds: int = derived(
        "The minimum number of seconds between two mails to one address, for a resend button.",
        lambda: int(limits.RESEND_OF_EMAIL.windows[0].span.total_seconds()),
    )

    @strawberry.field(description="The current version of each document for customers' consent.")
    async def consent_documents(self, info: Info) -> list[ConsentDocument]:
        documents = await consents.current(now=info.context.now)
        document_ids = [document.id for document in documents.values()]
        rows: Any = await info.context.rows.owned(declaration(ConsentDocument), document_ids)
        return list(rows.values())
