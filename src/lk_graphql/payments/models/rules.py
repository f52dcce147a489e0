"""What the contract with the acquirer says: dated rows, never constants."""

from tortoise import fields
from tortoise.models import Model

from lk_graphql.kit.ids import new_key


class PaymentTerms(Model):
    """How little and how much one payment may be, in kopecks, and what the customer pays for it.

    Valid until the next row's `valid_from`.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    minimum: fields.Field[int] = fields.BigIntField()
    maximum: fields.Field[int] = fields.BigIntField()
    commission_percent = fields.DecimalField(max_digits=5, decimal_places=3)
    reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "payment_terms"
