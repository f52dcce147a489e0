"""Tables of customers, sessions, one-time links, captchas, documents and consents."""

from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from lk_graphql.kit.emails import Email
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.languages import Language


class User(Model):
    """A person with a login.

    `email_key` is the address as it is compared (lower case, punycode domain); `email` is the
    address as it is displayed. A partial unique index keeps `email_key` unique among activated
    users, so an unconfirmed registration can't reserve an address (docs/decisions/0050).
    A check constraint requires either `patronymic` or `has_no_patronymic` («нет отчества»).
    From `erased_at` on the row holds no personal data and only serves foreign keys.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    email = fields.CharField(max_length=254)
    email_key = fields.CharField(max_length=254, db_index=True)
    phone = fields.CharField(max_length=12, db_index=True)
    last_name = fields.CharField(max_length=60)
    first_name = fields.CharField(max_length=60)
    patronymic = fields.CharField(max_length=60, null=True)
    has_no_patronymic = fields.BooleanField(default=False)
    password_hash = fields.CharField(max_length=200)
    preferred_language = fields.CharEnumField(Language, max_length=2, default=Language.RU)
    created_at = fields.DatetimeField()
    activated_at = fields.DatetimeField(null=True)
    locked_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)
    password_changed_at = fields.DatetimeField()

    sessions: fields.ReverseRelation["Session"]
    consents: fields.ReverseRelation["Consent"]

    class Meta(Model.Meta):
        table = "user"

    @classmethod
    async def by_email(cls, email: Email) -> Self | None:
        """Return the activated user of an address, or else the newest unactivated one."""
        # PostgreSQL sorts NULLs last
        return await cls.filter(email_key=email).order_by("activated_at", "-created_at").first()


class Session(Model):
    """A sign-in on one device. Only the SHA-256 of its token is stored (with a unique index).

    A session with `staff_id` belongs to a member of staff who views the customer's cabinet for the
    `reason`; it is read-only. `position` is a position in PostgreSQL's log (an LSN in bytes) after
    the session's last change; a replica must have replayed it before it answers the session.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "sessions", on_delete=fields.CASCADE
    )
    token_hash = fields.BinaryField()
    client_address = fields.CharField(max_length=45)
    user_agent = fields.CharField(max_length=300)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    ended_at = fields.DatetimeField(null=True)
    staff_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=300, null=True)
    position = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "session"
        indexes = (("user_id", "created_at"),)


class LinkPurpose(StrEnum):
    """Purposes of links in mails."""

    ACTIVATION = "ACTIVATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - a purpose, not a password
    EMAIL_CHANGE_OLD = "EMAIL_CHANGE_OLD"
    EMAIL_CHANGE_NEW = "EMAIL_CHANGE_NEW"
    ACCOUNT_LINK_UNDO = "ACCOUNT_LINK_UNDO"


class OneTimeLink(Model):
    """A link in a mail: one use, until `expires_at`.

    The token is an HMAC of purpose, id and nonce under the secret key, computed when the mail is
    sent; neither the token nor its hash is stored. A link without a user is a dummy that is never
    mailed, so that requests for known and unknown addresses take the same time. `subject` is the id
    of the row that the link is about, if it isn't the user's row; the two links of an e-mail change
    share it. `new_email` is the `email_key` that the change sets.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", "links", null=True, on_delete=fields.CASCADE
    )
    user_id: UUID | None
    purpose = fields.CharEnumField(LinkPurpose, max_length=20)
    nonce = fields.BinaryField()
    subject = fields.UUIDField(null=True)
    new_email = fields.CharField(max_length=254, null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "one_time_link"
        indexes = (("user_id", "purpose", "created_at"),)


class Captcha(Model):
    """A challenge with the HMACs of its picture code and audio code. One use, few attempts."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    picture_hash = fields.BinaryField()
    audio_hash = fields.BinaryField()
    failures = fields.SmallIntField(default=0)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "captcha"


class DocumentKind(StrEnum):
    """Kinds of documents that customers agree to.

    Since 1 September 2025 consent to data processing is a document of its own (152-ФЗ, 156-ФЗ).
    SMS is required only of customers who switch SMS on (126-ФЗ, ст. 44.1).
    """

    TERMS = "TERMS"
    PERSONAL_DATA = "PERSONAL_DATA"
    SMS = "SMS"


class Document(Model):
    """A version of a text that customers agree to; never changed once it is valid."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(DocumentKind, max_length=20)
    version = fields.CharField(max_length=20)
    title = fields.CharField(max_length=200)
    text = fields.TextField()
    sha256 = fields.CharField(max_length=64)
    valid_from = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "document"
        unique_together = (("kind", "version"),)


class ConsentAction(StrEnum):
    """Actions on a document."""

    GIVEN = "GIVEN"
    WITHDRAWN = "WITHDRAWN"


class Consent(Model):
    """Agreement of a user to a text, or its withdrawal, with time and origin.

    Append-only: a trigger forbids updates, and deletes unless the user was never activated (the
    consents of an unconfirmed registration are deleted with it).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "consents", on_delete=fields.RESTRICT
    )
    document: fields.ForeignKeyRelation[Document] = fields.ForeignKeyField(
        "models.Document", "consents", on_delete=fields.RESTRICT
    )
    action = fields.CharEnumField(ConsentAction, max_length=10)
    text_sha256 = fields.CharField(max_length=64)
    client_address = fields.CharField(max_length=45)
    user_agent = fields.CharField(max_length=300)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "consent"
        indexes = (("user_id", "happened_at"),)


class Attempts(Model):
    """Times of the latest attempts under a key; see `guards.rate_limits`.

    The key is an HMAC (of an address, an account number, ...), so it isn't personal data.
    `moments` holds at most as many entries as the limit allows, oldest first.
    """

    key = fields.CharField(max_length=100, primary_key=True)
    moments: fields.Field[list[object]] = ArrayField("TIMESTAMPTZ")
    forget_at = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "attempts"


class IdempotentCall(Model):
    """Outcome of a mutation with an idempotency key; see `guards.idempotency`.

    `refusals` is null unless the mutation was refused; `body_hash` is the SHA-256 of its input.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "idempotent_calls", on_delete=fields.CASCADE
    )
    mutation = fields.CharField(max_length=60)
    key = fields.CharField(max_length=100)
    body_hash = fields.BinaryField()
    outcome: fields.Field[Any] = fields.JSONField(null=True)
    refusals: fields.Field[Any] = fields.JSONField(null=True)
    happened_at = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "idempotent_call"
        unique_together = (("user", "mutation", "key"),)
