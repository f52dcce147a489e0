"""Tables of contract applications."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.uploads.models import Upload


class ApplicationRule(Model):
    """Limits and required documents of applications from a day on, until the next rule.

    The required documents are set by the retail market rules (ПП 442, п. 34), the limits by the
    supplier. `data_as_of` is the time of the import file that set the rule.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_day = fields.DateField(unique=True)
    most_open: fields.Field[int] = fields.SmallIntField()
    most_objects: fields.Field[int] = fields.SmallIntField()
    most_documents: fields.Field[int] = fields.SmallIntField()
    demands_identity = fields.BooleanField()
    demands_ownership = fields.BooleanField()
    demands_grid_connection = fields.BooleanField()
    demands_power_of_attorney = fields.BooleanField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "application_rule"

    @property
    def valid_from(self) -> date:
        return self.from_day


class ApplicationState(StrEnum):
    """DRAFT → SUBMITTED → IN_REVIEW (⇄ QUESTION) → APPROVED or DECLINED; WITHDRAWN before that."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    IN_REVIEW = "IN_REVIEW"
    QUESTION = "QUESTION"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class Application(Model):
    """One person's application («заявка на заключение договора»); co-linked logins don't see it.

    `version` grows with each change of the draft; saving over an outdated version is refused.
    `number` is set from SUBMITTED on.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "contract_applications", on_delete=fields.RESTRICT
    )
    user_id: UUID
    number = fields.CharField(max_length=20, null=True, unique=True)
    state = fields.CharEnumField(ApplicationState, max_length=10)
    version = fields.IntField(default=1)
    clerk_id = fields.UUIDField(null=True)
    reason = fields.CharField(max_length=2000, null=True)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    submitted_at = fields.DatetimeField(null=True)

    objects: fields.ReverseRelation["ApplicationObject"]
    documents: fields.ReverseRelation["ApplicationDocument"]
    events: fields.ReverseRelation["ApplicationEvent"]

    class Meta(Model.Meta):
        table = "contract_application"
        indexes = (("user_id", "created_at"),)


class ObjectKind(StrEnum):
    """Kind of a supplied object."""

    APARTMENT = "APARTMENT"
    HOUSE = "HOUSE"
    GARAGE = "GARAGE"
    GARDEN = "GARDEN"
    OTHER = "OTHER"


class ApplicationObject(Model):
    """An object («объект») of an application; only the address is required in a draft.

    `fias_id` is the OBJECTGUID of ГАР.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", "objects", on_delete=fields.CASCADE
    )
    application_id: UUID
    position = fields.SmallIntField()
    address = fields.CharField(max_length=300)
    fias_id = fields.UUIDField(null=True)
    kind = fields.CharEnumField(ObjectKind, max_length=10, null=True)
    power_kw = fields.DecimalField(max_digits=8, decimal_places=2, null=True)
    purpose = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "contract_object"
        unique_together = (("application_id", "position"),)


class ContractDocumentKind(StrEnum):
    """Purpose of a document; `ApplicationRule` lists the required kinds."""

    IDENTITY = "IDENTITY"
    OWNERSHIP = "OWNERSHIP"
    GRID_CONNECTION = "GRID_CONNECTION"
    POWER_OF_ATTORNEY = "POWER_OF_ATTORNEY"
    OTHER = "OTHER"


class ApplicationDocument(Model):
    """An upload attached to an application."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", "documents", on_delete=fields.RESTRICT
    )
    application_id: UUID
    upload: fields.OneToOneRelation[Upload] = fields.OneToOneField(
        "models.Upload", "contract_document", on_delete=fields.RESTRICT
    )
    upload_id: UUID
    kind = fields.CharEnumField(ContractDocumentKind, max_length=20)
    attached_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "contract_document"
        indexes = (("application_id", "attached_at"),)


class ApplicationNote(Model):
    """An internal note of staff about an application, never visible to customers."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", "notes", on_delete=fields.CASCADE
    )
    application_id: UUID
    clerk_id = fields.UUIDField()
    text = fields.CharField(max_length=2000)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "contract_note"
        indexes = (("application_id", "created_at"),)


class StepKind(StrEnum):
    """Kind of a step in the timeline of an application."""

    CREATED = "CREATED"
    SUBMITTED = "SUBMITTED"
    CLAIMED = "CLAIMED"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class ApplicationEvent(Model):
    """An append-only step of the timeline, with its text."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    application: fields.ForeignKeyRelation[Application] = fields.ForeignKeyField(
        "models.Application", "events", on_delete=fields.RESTRICT
    )
    application_id: UUID
    kind = fields.CharEnumField(StepKind, max_length=10)
    text = fields.CharField(max_length=2000, null=True)
    staff_id = fields.UUIDField(null=True)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "contract_event"
        indexes = (("application_id", "happened_at"),)
