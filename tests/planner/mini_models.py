"""The mini models: clubs and their events, for the planner's tests."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import uuid4

from tortoise import Model, fields

Many = fields.ManyToManyRelation[Any]
One = fields.ForeignKeyRelation[Any]
Maybe = fields.ForeignKeyNullableRelation[Any]


class Person(Model):
    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(max_length=100)
    name = fields.CharField(max_length=100, null=True)


class Ticket(Model):
    """A session."""

    id = fields.UUIDField(primary_key=True)
    person: One = fields.ForeignKeyField("mini.Person", "tickets")
    token_hash = fields.BinaryField()
    expires_at = fields.DatetimeField()


class Club(Model):
    id = fields.UUIDField(primary_key=True)
    title = fields.CharField(max_length=100)
    motto = fields.TextField(null=True)
    wealth = fields.BigIntField()
    founded_at = fields.DatetimeField()
    is_open = fields.BooleanField(default=True)


class MembershipState(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class Membership(Model):
    id = fields.UUIDField(primary_key=True)
    person: One = fields.ForeignKeyField("mini.Person", "memberships")
    club: One = fields.ForeignKeyField("mini.Club", "memberships")
    state = fields.CharEnumField(MembershipState, max_length=10)
    nickname = fields.CharField(max_length=50, null=True)


class Rulebook(Model):
    id = fields.UUIDField(primary_key=True)
    club: fields.OneToOneRelation[Club] = fields.OneToOneField("mini.Club", "rulebook")
    text = fields.TextField()
    pages = fields.SmallIntField()


class Tag(Model):
    """Public rows."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=40)
    code = fields.CharField(max_length=40, unique=True, default=lambda: uuid4().hex)
    retired_on = fields.DateField(null=True)


def is_announced(club__is_open: bool, held_on: date) -> bool:  # noqa: FBT001 - a column
    """The policy of events: closed clubs don't tell of those of one day."""
    return club__is_open or held_on != date(2026, 11, 20)


class EventState(StrEnum):
    PAID = "PAID"
    OVERDUE = "OVERDUE"
    DUE = "DUE"


class Event(Model):
    id = fields.UUIDField(primary_key=True)
    club: One = fields.ForeignKeyField("mini.Club", "events")
    title = fields.CharField(max_length=100)
    held_on = fields.DateField()
    fee = fields.BigIntField()
    paid = fields.BigIntField()
    weight = fields.DecimalField(max_digits=12, decimal_places=3)
    tags: Many = fields.ManyToManyField("mini.Tag", related_name="events", through="event_tag")


class Note(Model):
    id = fields.UUIDField(primary_key=True)
    event: One = fields.ForeignKeyField("mini.Event", "notes")
    position = fields.SmallIntField()
    text = fields.TextField()
    written_at = fields.DatetimeField()
    price = fields.DecimalField(max_digits=10, decimal_places=5, null=True)


class ParcelKind(StrEnum):
    MATCH = "MATCH"
    PARTY = "PARTY"
    CLUB = "CLUB"
    OTHER = "OTHER"


SUBJECT_PREFIXES = {ParcelKind.MATCH: "evt", ParcelKind.PARTY: "evt", ParcelKind.CLUB: "clb"}


class Parcel(Model):
    """Rows of one person, invisible to the other members of their clubs."""

    id = fields.UUIDField(primary_key=True)
    owner: One = fields.ForeignKeyField("mini.Person", "parcels")
    number = fields.IntField()
    kind = fields.CharEnumField(ParcelKind, max_length=10, null=True)
    subject_id = fields.UUIDField(null=True)
    club: Maybe = fields.ForeignKeyField("mini.Club", "parcels", null=True)
