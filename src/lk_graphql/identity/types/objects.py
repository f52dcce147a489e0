"""The customer and what hangs on them, declared over the models."""

from datetime import datetime
from uuid import UUID

from lk_graphql.identity import models
from lk_graphql.identity.service.consents import OF_REGISTRATION
from lk_graphql.reads.declare import (
    AFTER_NOW,
    PUBLIC,
    Node,
    column,
    derived,
    expression,
    reads,
    related,
)


def is_required(kind: models.DocumentKind) -> bool:
    return kind in OF_REGISTRATION


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


@reads(models.Consent)
class Consent:
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
        only={"ended_at": None, "expires_at": AFTER_NOW, "staff_id": None},
    )
    consents: list[Consent] = related(
        "What this person agreed to, the newest first.", order_by="-happened_at"
    )
