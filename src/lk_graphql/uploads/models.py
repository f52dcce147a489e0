"""Table of uploads; their content is in `Ports.files`."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class UploadKind(StrEnum):
    """Accepted formats; the content is checked, not only the name."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"
    DOCX = "DOCX"
    XLSX = "XLSX"
    CSV = "CSV"
    JSONL = "JSONL"


class UploadState(StrEnum):
    """AWAITED → RECEIVING → (SCANNING →) READY or REFUSED; after an interruption AWAITED again.

    If the receiving process itself has ended, a job sets AWAITED after `Upload.receiving_until`.
    """

    AWAITED = "AWAITED"
    RECEIVING = "RECEIVING"
    SCANNING = "SCANNING"
    READY = "READY"
    REFUSED = "REFUSED"


class Upload(Model):
    """A file of exactly one customer or member of staff (a check constraint).

    `size` is the declared number of bytes, which the body must match, and later that of the stored
    file. `sha256` and `received_at` are set when the file is stored. `taken_at` is the time of the
    claim, for example by an attachment; an unclaimed upload is deleted after `expires_at`.
    `receiving_until` is set while the upload is RECEIVING: a process gives up before this time.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", "uploads", null=True, on_delete=fields.RESTRICT
    )
    user_id: UUID | None
    staff_id = fields.UUIDField(null=True)
    name = fields.CharField(max_length=120)
    kind = fields.CharEnumField(UploadKind, max_length=10)
    size = fields.IntField()
    state = fields.CharEnumField(UploadState, max_length=10)
    refusal = fields.CharField(max_length=30, null=True)
    sha256 = fields.CharField(max_length=64, null=True)
    has_preview = fields.BooleanField(default=False)
    nonce = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    received_at = fields.DatetimeField(null=True)
    taken_at = fields.DatetimeField(null=True)
    receiving_until = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "upload"
        indexes = (("user_id", "created_at"),)

    @property
    def path(self) -> str:
        """Path of the content in the file store."""
        return f"uploads/{self.id.hex}"

    @property
    def preview_path(self) -> str:
        return f"previews/{self.id.hex}"
