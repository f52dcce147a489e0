"""Telephones shown to be somebody's, wishes to be forgotten, exports of what is known."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class PhoneProof(Model):
    """A code sent to a number, and that it came back.

    The code is an HMAC of id and nonce, computed when the SMS is sent: it lies nowhere. A number
    is good for SMS while its person has it in the profile and a confirmed proof of it: one that
    comes back into the profile needn't be proved again. One confirmed row for a person and a
    number (a partial unique index).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "phone_proofs", on_delete=fields.CASCADE
    )
    user_id: UUID
    phone = fields.CharField(max_length=12)
    nonce = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "phone_proof"
        indexes = (("user_id", "phone", "created_at"),)


class ErasureTerm(Model):
    """By when personal data are destroyed after consent was withdrawn, from a day on."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    days: fields.Field[int] = fields.SmallIntField()
    reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "erasure_term"


class ErasureState(StrEnum):
    """WITHDRAWN: the person has changed their mind in time."""

    WAITING = "WAITING"
    WITHDRAWN = "WITHDRAWN"
    DONE = "DONE"


class ErasureRequest(Model):
    """A wish to be forgotten («отзыв согласия»): `due_on` is the law's day, in the company's zone.

    At most one that is WAITING for a person (a partial unique index). It stays, with its protocol,
    after the person is nobody any more.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "erasure_requests", on_delete=fields.RESTRICT
    )
    user_id: UUID
    state = fields.CharEnumField(ErasureState, max_length=10)
    requested_at = fields.DatetimeField()
    starts_at = fields.DatetimeField()
    due_on = fields.DateField()
    closed_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "erasure_request"
        unique_together = (("user", "requested_at"),)


class Destroyed(Model):
    """A line of the protocol («акт об уничтожении», приказ РКН 179): what, how many rows, how.

    Append-only: a trigger forbids changes.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    request: fields.ForeignKeyRelation[ErasureRequest] = fields.ForeignKeyField(
        "models.ErasureRequest", "protocol", on_delete=fields.RESTRICT
    )
    what = fields.CharField(max_length=60)
    rows: fields.Field[int] = fields.IntField()
    was_deleted = fields.BooleanField()
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "destroyed"
        unique_together = (("request", "what"),)


class PersonalDataExportState(StrEnum):
    """WAITING until a job has made it. ENDED: its archive is gone, or was never made in time."""

    WAITING = "WAITING"
    READY = "READY"
    ENDED = "ENDED"


class PersonalDataExport(Model):
    """All that is known of a person, collected for them into an archive («выгрузка»).

    `size` is in bytes. `expires_at` is when the archive is deleted; while it waits, by when it
    has to be made. The row stays as the proof that the person was answered (152-ФЗ, ст. 14).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "personal_data_exports", on_delete=fields.RESTRICT
    )
    user_id: UUID
    state = fields.CharEnumField(PersonalDataExportState, max_length=10)
    requested_at = fields.DatetimeField()
    made_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField()
    size: fields.Field[int | None] = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "personal_data_export"
        unique_together = (("user", "requested_at"),)

    @property
    def path(self) -> str:
        """Where the archive lies in the store."""
        return f"exports/{self.id.hex}.zip"
