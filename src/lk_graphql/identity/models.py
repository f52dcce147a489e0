"""Customers, their sessions and what they agreed to, as they lie in the database."""

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
    address as it is shown. Among activated users a partial unique index keeps it unique; whoever
    hasn't shown yet that the mailbox is theirs can't reserve it (docs/decisions/0050).
    Either there is a patronymic, or the person said that there is none («нет отчества»): a check
    in the database holds it. `erased_at`: it names nobody any more, and is only pointed to.
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
        """The activated user of an address; without one, the newest who may yet activate."""
        # PostgreSQL sorts NULLs last
        return await cls.filter(email_key=email).order_by("activated_at", "-created_at").first()


class Session(Model):
    """A sign-in on one device. Of its token only the SHA-256 is kept (a unique index on it).

    With `staff_id` it isn't the customer's own: a member of staff looks at the cabinet as the
    customer sees it, for a `reason`, and can change nothing.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "sessions", on_delete=fields.CASCADE
    )
    token_hash = fields.BinaryField()
    client_address = fields.CharField(max_length=45)
    user_agent = fields.CharField(max_length=300)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    staff_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "session"
        indexes = (("user_id", "created_at"),)


class LinkPurpose(StrEnum):
    """What a link in a mail is good for."""

    ACTIVATION = "ACTIVATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 - a purpose, not a password
    EMAIL_CHANGE_OLD = "EMAIL_CHANGE_OLD"
    EMAIL_CHANGE_NEW = "EMAIL_CHANGE_NEW"
    ACCOUNT_LINK_UNDO = "ACCOUNT_LINK_UNDO"


class OneTimeLink(Model):
    """A link that was mailed: one use, until `expires_at`.

    The token is an HMAC of purpose, id and nonce under the secret key, computed when the mail is
    sent: neither it nor a hash of it lies anywhere. A link without a user leads nowhere and is
    never mailed; it costs a guest who asks for an unknown address the same time.
    `subject` is the row that the link is about, where it isn't the user's own, and what the two
    links of an e-mail change have in common; `new_email` is the address (as it is compared)
    that the change would set.
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
    """A challenge: the HMACs of the picture's and the recording's codes. One use, few tries."""

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
    """Since 1 September 2025 consent to data processing stands apart (152-ФЗ, 156-ФЗ).

    SMS is wanted of those only who switch them on (126-ФЗ, ст. 44.1): nobody has to.
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
    """What a person did with a document."""

    GIVEN = "GIVEN"
    WITHDRAWN = "WITHDRAWN"


class Consent(Model):
    """Who agreed to which text, when and from where.

    Append-only: a trigger forbids changes, and deletion too unless the user was never activated
    (a registration that nobody confirmed is forgotten with all that it told us).
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
    """When something limited was last tried under a key; see `identity.service.limits`.

    The key is an HMAC (of an address, an account number, ...): it names nobody. `moments` holds
    no more entries than the limit allows, oldest first, so that a row can't grow.
    """

    key = fields.CharField(max_length=100, primary_key=True)
    moments: fields.Field[list[object]] = ArrayField("TIMESTAMPTZ")
    forget_at = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "attempts"


class IdempotentCall(Model):
    """What came of a mutation that its client may send twice; see `service.idempotency`.

    `refusals` is null unless it was refused; `body_hash` is a SHA-256 of all that was asked.
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
