"""Tables of phone proofs, erasure requests with their protocol, and personal data exports."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class PhoneProof(Model):
    """A code sent to a telephone number, and its confirmation.

    The code is an HMAC of id and nonce, computed when the SMS is sent; it isn't stored. SMS go to
    the number of the profile if a confirmed proof of it exists; a number that returns to the
    profile needs no new proof. A partial unique index allows one confirmed row for each user and
    number.
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
    """Days within which personal data are destroyed after consent is withdrawn."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    days: fields.Field[int] = fields.SmallIntField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "erasure_term"


class ErasureState(StrEnum):
    """WITHDRAWN: the customer cancelled the request in time."""

    WAITING = "WAITING"
    WITHDRAWN = "WITHDRAWN"
    DONE = "DONE"


class ErasureRequest(Model):
    """A request to erase personal data («отзыв согласия»).

    `due_on` is the legal deadline in the company's time zone. A partial unique index allows one
    WAITING request for each user. The row and its protocol stay after the erasure.
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
    reminded_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "erasure_request"
        unique_together = (("user", "requested_at"),)


class Destroyed(Model):
    """A line of the erasure protocol («акт об уничтожении», приказ РКН 179).

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
    """WAITING: the job has to make the archive. ENDED: it is deleted, or wasn't made in time."""

    WAITING = "WAITING"
    READY = "READY"
    ENDED = "ENDED"


class PersonalDataExport(Model):
    """An archive with all personal data of a user («выгрузка»).

    `size` is in bytes. `expires_at` is the time of the archive's deletion, or the deadline for
    making it while WAITING. The row stays as proof of the answer (152-ФЗ, ст. 14).
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
        """Path of the archive in the file store."""
        return f"exports/{self.id.hex}.zip"
