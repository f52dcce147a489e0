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


@strawberry.enum(description="How the session's token reaches the client.")
class SessionDelivery(Enum):
    """Chosen by the client at sign-in."""

    COOKIE = strawberry.enum_value(
        "COOKIE", description="In a cookie that scripts can't read: for web pages."
    )
    BEARER = strawberry.enum_value(
        "BEARER", description="In the payload, for `Authorization: Bearer …`: for programs."
    )


labels(
    SessionDelivery,
    COOKIE=("В cookie", "In a cookie"),
    BEARER=("Токен в ответе", "A token in the response"),
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
    "What a person did with a document.",
    GIVEN="Agreed to it.",
    WITHDRAWN="Withdrew the agreement («отозвано»).",
)
labels(
    ConsentAction,
    GIVEN=("Дано", "Given"),
    WITHDRAWN=("Отозвано", "Withdrawn"),
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
    PASSWORD_CONTAINS_COMPANY="It has a word of the company's name or of the cabinet's address.",
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


def is_required(kind: models.DocumentKind) -> bool:
    return kind in REGISTRATION_DOCUMENTS


@reads(models.Document, prefix="doc", owned_through=PUBLIC)
class ConsentDocument(Node):
    """A version of a text that customers agree to; its text never changes."""

    kind: models.DocumentKind = column("What it is about.")
    is_required: bool = derived(
        "Whether a registration has to agree to it; the others are asked for when they are needed.",
        is_required,
    )
    version: str = column("What to send back with the agreement, `2025-09-01`.")
    title: str = column("Its title.")
    text: str = column("The whole text, in Russian, as Markdown.")
    sha256: str = column("SHA-256 of the text in UTF-8, as hex digits.")
    valid_from: datetime = column("Since when it is valid.")


@reads(models.Consent, prefix="cns", owned_through="user")
class Consent(Node):
    """Something that the customer agreed to, or withdrew («согласие»); kept for ever."""

    action: models.ConsentAction = column("What the customer did.")
    happened_at: datetime = column("When.")
    client_address: str = column("The network address that it came from.")
    user_agent: str = column("What the browser or the program called itself.")
    document: ConsentDocument = related("The version that was shown.")


def is_current(id: UUID, session: UUID | None) -> bool:
    return id == session


@reads(models.Session, prefix="ses", owned_through="user")
class Session(Node):
    """A sign-in on one device («сеанс»)."""

    created_at: datetime = column("When somebody signed in.")
    expires_at: datetime = column("When it ends by itself.")
    client_address: str = column("The network address of the sign-in.")
    user_agent: str = column("What the browser or the program called itself.")
    is_current: bool = expression(
        "Whether it is the one that asks.",
        sql="{id} IS NOT DISTINCT FROM {session}",
        python=is_current,
    )


def full_name(last_name: str, first_name: str, patronymic: str | None) -> str:
    return " ".join(filter(None, (last_name, first_name, patronymic)))


@reads(models.User, prefix="usr", owned_through="")
class User(Node):
    """A person who can sign in («пользователь»)."""

    email: str = column("The address that is the login («логин»).")
    phone: str = column("The telephone number, `+79131234567`.")
    last_name: str = column("The surname («фамилия»).")
    first_name: str = column("The first name («имя»).")
    patronymic: str | None = column("The patronymic («отчество»); null for those without.")
    full_name: str = derived("Surname, first name and patronymic («ФИО»).", full_name)
    registered_at: datetime = column("When the form was sent.", of="created_at")
    password_changed_at: datetime = column("When the password was set or changed last.")
    sessions: list[Session] = related(
        "The living sessions, the newest first: 20 at most.",
        order_by="-created_at",
        where={"ended_at": None, "expires_at": AFTER_NOW, "staff_id": None},
    )
    consents: list[Consent] = related(
        "What this person agreed to, the newest first.", order_by="-happened_at"
    )


def password_rules(language: Language, ports: Ports) -> rules.PasswordRules:
    return rules.password_rules_in(language, strict=ports.passwords.strict)


def phone_forms() -> list[str]:
    return ["+7 (913) 123-45-67", "8 913 123-45-67", "79131234567", "9131234567"]


@root
class PublicSettings:
    """What a frontend has to know before anybody signs in."""

    password_rules: rules.PasswordRules = derived("What a password has to be.", password_rules)
    name_rules: rules.NameRules = derived(
        "What a surname, first name or patronymic may be («ФИО»).", rules.name_rules_in
    )
    longest_email: int = derived(
        "The most characters of an e-mail address.", lambda: emails.MAX_LENGTH
    )
    phone_forms: list[str] = derived(
        "The ways to write a telephone number, as examples.", phone_forms
    )
    captcha_seconds: int = derived(
        "How many seconds a captcha is good for.",
        lambda: int(captchas.LIFETIME.total_seconds()),
    )
    captcha_tries: int = derived(
        "How many wrong codes a captcha takes; then it is used up.",
        lambda: captchas.MAX_FAILURES,
    )
    mailed_links: rules.MailedLinkRules = derived(
        "For how long the links in mails are good.", rules.mailed_link_rules
    )
    scalar_patterns: list[rules.ScalarPattern] = derived(
        "How the scalars can be written that people type.", rules.scalar_patterns
    )
    idempotency_keys: rules.IdempotencyRules = derived(
        "What an `idempotencyKey` may be, in every mutation with one.", rules.idempotency_rules
    )
    mail_cooldown_seconds: int = derived(
        "How many seconds lie between two mails to one address, for a resend button.",
        lambda: int(limits.RESEND_OF_EMAIL.windows[0].span.total_seconds()),
    )

    @strawberry.field(description="The texts that customers agree to: the current version of each.")
    async def consent_documents(self, info: Info) -> list[ConsentDocument]:
        documents = await consents.current(now=info.context.now)
        document_ids = [document.id for document in documents.values()]
        rows: Any = await info.context.rows.owned(declaration(ConsentDocument), document_ids)
        return list(rows.values())
