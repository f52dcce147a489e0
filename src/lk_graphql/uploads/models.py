"""Files on their way in, as they lie in the database; their bytes lie in `Ports.files`."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class UploadKind(StrEnum):
    """What is taken; the content has to be it, whatever the name says."""

    PDF = "PDF"
    JPEG = "JPEG"
    PNG = "PNG"
    HEIC = "HEIC"
    DOCX = "DOCX"
    XLSX = "XLSX"
    CSV = "CSV"
    JSONL = "JSONL"


class UploadState(StrEnum):
    """AWAITED → RECEIVING → (SCANNING →) READY or REFUSED; a broken one is AWAITED again."""

    AWAITED = "AWAITED"
    RECEIVING = "RECEIVING"
    SCANNING = "SCANNING"
    READY = "READY"
    REFUSED = "REFUSED"


class Upload(Model):
    """A file of a customer's, or of a member of staff's: of exactly one of them (a check).

    `size` in bytes is what was announced, and what came must be as long. `sha256` and
    `received_at` are there from SCANNING on. `taken_at` is when something was made of it, an
    attachment for instance: until then it ends at `expires_at`, bytes and row.
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

    class Meta(Model.Meta):
        table = "upload"
        indexes = (("user_id", "created_at"),)

    @property
    def path(self) -> str:
        """Where its bytes lie in the store."""
        return f"uploads/{self.id.hex}"

    @property
    def preview_path(self) -> str:
        return f"previews/{self.id.hex}"
