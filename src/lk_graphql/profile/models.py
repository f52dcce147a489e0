"""Telephone numbers that people have shown to be theirs."""

from uuid import UUID

from tortoise import Model, fields

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
