"""Imports as they were run, and what billing has answered."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import Model, fields

from lk_graphql.kit.ids import new_key


class ImportKind(StrEnum):
    """What `lk import` can load; the values are the words of the command."""

    ACCOUNTS = "ACCOUNTS"
    METERS = "METERS"
    READINGS = "READINGS"
    INVOICES = "INVOICES"
    PAYMENTS = "PAYMENTS"
    TARIFFS = "TARIFFS"


class ImportState(StrEnum):
    """How far a run has come, or how it ended; only DONE has changed anything."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    CHECKED = "CHECKED"
    """A dry run: all was done, and taken back."""
    REFUSED = "REFUSED"
    """Nothing was loaded: a row was bad and the run atomic, or a control total differed."""
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"
    """Its process died; the database has taken back what it had written."""


class ImportRun(Model):
    """An import of files, by an operator or by staff. What it changed and its end are one commit.

    `totals` are rows and sums by kind of row. `reason` says why nothing was loaded.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(ImportKind, max_length=20)
    state = fields.CharEnumField(ImportState, max_length=20)
    is_dry_run = fields.BooleanField()
    is_atomic = fields.BooleanField()
    as_of = fields.DatetimeField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    rows_read: fields.Field[int] = fields.IntField(default=0)
    rows_loaded: fields.Field[int] = fields.IntField(default=0)
    errors: fields.Field[int] = fields.IntField(default=0)
    totals: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list)
    report = fields.CharField(max_length=300, null=True)
    reason = fields.CharField(max_length=1000, null=True)

    files: fields.ReverseRelation["ImportFile"]

    class Meta(Model.Meta):
        table = "import_run"


class ImportFile(Model):
    """A file of a run, known again by its hash."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    run: fields.ForeignKeyRelation[ImportRun] = fields.ForeignKeyField(
        "models.ImportRun", "files", on_delete=fields.CASCADE
    )
    run_id: UUID
    name = fields.CharField(max_length=255)
    size: fields.Field[int] = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)

    class Meta(Model.Meta):
        table = "import_file"


class SentKind(StrEnum):
    """What is exported to billing and answered by it."""

    READING = "READING"


class Answer(StrEnum):
    """What billing says to it."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Acknowledgement(Model):
    """Billing's answer to a row that was exported to it («квитирование»).

    `subject_state` is the state of the row that billing knows of: in another one it is exported
    again.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(SentKind, max_length=20)
    subject_id = fields.UUIDField(unique=True)
    subject_state = fields.CharField(max_length=20)
    answer = fields.CharEnumField(Answer, max_length=20)
    reason = fields.CharField(max_length=300, null=True)
    as_of = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "acknowledgement"
