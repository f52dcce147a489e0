"""Tables of personal accounts, their holders and links."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.database.day_ranges import DayRangesField
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class SubscriberType(StrEnum):
    """The kind of contract («тип абонента»); only households can be linked so far."""

    HOUSEHOLD = "HOUSEHOLD"
    BUSINESS = "BUSINESS"


class TariffCategory(StrEnum):
    """The tariff category of a household: its place, and its energy for heating and cooking."""

    URBAN_GAS = "URBAN_GAS"
    URBAN_ELECTRIC = "URBAN_ELECTRIC"
    RURAL = "RURAL"


class HouseKind(StrEnum):
    """The kind of building; in apartments the supplier replaces meters (ПП 354, п. 80(1))."""

    APARTMENT = "APARTMENT"
    DETACHED = "DETACHED"


class Account(Model):
    """A personal account («лицевой счёт»), a copy of the billing system's as of `data_as_of`.

    `number` keeps its leading zeros. `unified_number` is the ЕЛС of ГИС ЖКХ, upper case.
    `closed_on` is the last day. `visible_days` are the days of the present holder and of their
    household, which customers may see (`service.account_days`); null means all days.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    number = fields.CharField(max_length=20, unique=True)
    unified_number = fields.CharField(max_length=10, null=True, unique=True)
    subscriber_type = fields.CharEnumField(SubscriberType, max_length=10)
    contract_number = fields.CharField(max_length=40)
    contract_signed_on = fields.DateField()
    address = fields.CharField(max_length=300)
    fias_house_id = fields.UUIDField(null=True)
    flat = fields.CharField(max_length=20, null=True)
    house_kind = fields.CharEnumField(HouseKind, max_length=10)
    tariff_category = fields.CharEnumField(TariffCategory, max_length=20)
    has_range_privilege = fields.BooleanField(default=False)
    area_m2 = fields.DecimalField(max_digits=8, decimal_places=2, null=True)
    residents: fields.Field[int | None] = fields.SmallIntField(null=True)
    closed_on = fields.DateField(null=True)
    data_as_of = fields.DatetimeField()
    rooms: fields.Field[int | None] = fields.SmallIntField(null=True)
    visible_days = DayRangesField(null=True)

    links: fields.ReverseRelation["AccountLink"]
    holders: fields.ReverseRelation["Holder"]

    class Meta(Model.Meta):
        table = "account"


class AccountHistory(Model):
    """The state of an account that bills print, as it was up to the month `last_period`.

    A row is added when the billing system changes one of these values. A bill whose month has no
    row prints the account as it is now.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "history", on_delete=fields.CASCADE
    )
    last_period = fields.DateField()
    contract_number = fields.CharField(max_length=40)
    address = fields.CharField(max_length=300)
    tariff_category = fields.CharEnumField(TariffCategory, max_length=20)
    has_range_privilege = fields.BooleanField()
    area_m2 = fields.DecimalField(max_digits=8, decimal_places=2, null=True)
    residents: fields.Field[int | None] = fields.SmallIntField(null=True)

    class Meta(Model.Meta):
        table = "account_history"
        unique_together = (("account", "last_period"),)


class Holder(Model):
    """The party of a contract («абонент»); at most one without `until` (a partial index).

    `until` is the first day of the next holder. `surname_key` is the surname as it is compared: see
    `service.claim_parsing`. `household` is an earlier holder of the account, if staff have recorded
    that the two are one household.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "holders", on_delete=fields.CASCADE
    )
    last_name = fields.CharField(max_length=60)
    first_name = fields.CharField(max_length=60)
    patronymic = fields.CharField(max_length=60, null=True)
    account_id: UUID
    surname_key = fields.CharField(max_length=60)
    since = fields.DateField()
    until = fields.DateField(null=True)
    household: fields.ForeignKeyNullableRelation["Holder"] = fields.ForeignKeyField(
        "models.Holder", "household_members", null=True, on_delete=fields.SET_NULL
    )
    household_id: UUID | None

    class Meta(Model.Meta):
        table = "holder"
        indexes = (("account_id", "since"),)


class LinkRole(StrEnum):
    """The role of a user: the first who linked the account is its owner, later ones are members."""

    OWNER = "OWNER"
    MEMBER = "MEMBER"


class LinkState(StrEnum):
    """The state of a link; only an ACTIVE one gives access."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class AccountLink(Model):
    """A user's access to an account, a many-to-many relation.

    A user and an account have at most one that is not ENDED (a partial unique index). `name` is
    the user's own name of the account («дача»).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "links", on_delete=fields.RESTRICT
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "account_links", on_delete=fields.RESTRICT
    )
    role = fields.CharEnumField(LinkRole, max_length=10)
    state = fields.CharEnumField(LinkState, max_length=10)
    name = fields.CharField(max_length=60, null=True)
    account_id: UUID
    user_id: UUID
    linked_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "account_link"
        indexes = (("user_id", "account_id"), ("account_id", "state"))


class LinkEventKind(StrEnum):
    """The kind of an event of a link or of an attempt to link."""

    PROOF_FAILED = "PROOF_FAILED"
    PROVED = "PROVED"
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    MADE_OWNER = "MADE_OWNER"
    SUSPENDED_BY_NOTICE = "SUSPENDED_BY_NOTICE"
    SUSPENDED_BY_NEW_HOLDER = "SUSPENDED_BY_NEW_HOLDER"
    RESTORED = "RESTORED"
    ENDED_BY_STAFF = "ENDED_BY_STAFF"


class ProofFault(StrEnum):
    """The reason of a failed proof, for staff only: the user who tried must not see it."""

    NO_ACCOUNT = "NO_ACCOUNT"
    NOT_A_HOUSEHOLD = "NOT_A_HOUSEHOLD"
    CLOSED = "CLOSED"
    SURNAME = "SURNAME"
    STRONG_FACTOR = "STRONG_FACTOR"


class LinkEvent(Model):
    """The audit trail of linking. Append-only: a trigger forbids changes.

    `user` is the actor, null for the import; `link` is null for an attempt. A failed attempt at an
    unknown number has no account.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "link_events", null=True, on_delete=fields.RESTRICT
    )
    link: fields.ForeignKeyNullableRelation[AccountLink] = fields.ForeignKeyField(
        "models.AccountLink", "events", null=True, on_delete=fields.RESTRICT
    )
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", "link_events", null=True, on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(LinkEventKind, max_length=30)
    fault = fields.CharEnumField(ProofFault, max_length=20, null=True)
    client_address = fields.CharField(max_length=45, null=True)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "link_event"
        indexes = (
            ("account_id", "happened_at"),
            ("user_id", "happened_at"),
            ("link_id", "happened_at"),
        )
