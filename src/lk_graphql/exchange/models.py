"""Imports and exports as they were run, and what billing has answered."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.kit.ids import new_key
from lk_graphql.uploads.models import Upload


class ImportKind(StrEnum):
    """What `lk import` can load; the values are the words of the command."""

    ACCOUNTS = "ACCOUNTS"
    METERS = "METERS"
    READINGS = "READINGS"
    INVOICES = "INVOICES"
    PAYMENTS = "PAYMENTS"
    TARIFFS = "TARIFFS"
    APPEALS = "APPEALS"


class ImportState(StrEnum):
    """How far a run has come, or how it ended; only DONE has changed anything."""

    WAITING = "WAITING"
    """Staff have asked for it: for a worker, the virus scanner, or another import to end."""
    RUNNING = "RUNNING"
    DONE = "DONE"
    CHECKED = "CHECKED"
    """A dry run: all was done, and taken back."""
    REFUSED = "REFUSED"
    """Nothing was loaded: a row was bad and the run atomic, or a control total differed."""
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"
    """It was stopped, or died; what it had written is taken back. Staff's runs begin again."""


class ImportRun(Model):
    """An import of files, by an operator or by staff. What it changed and its end are one commit.

    `totals` are rows and sums by kind of row. `reason` says why nothing was loaded. What staff have
    asked for has a `staff_id`, the `controls` that have to come out, and, if there were bad rows,
    the `report` in the store; an operator's `report` lies beside the operator.
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
    staff_id = fields.UUIDField(null=True)
    controls: fields.JSONField[dict[str, int]] = fields.JSONField(default=dict)
    report = fields.CharField(max_length=300, null=True)
    reason = fields.CharField(max_length=1000, null=True)

    files: fields.ReverseRelation["ImportFile"]

    class Meta(Model.Meta):
        table = "import_run"

    @property
    def report_path(self) -> str:
        """Where the report lies in the store, of a run that staff have asked for."""
        return f"import-reports/{self.id.hex}.csv"


class ImportFile(Model):
    """A file of a run, known again by its hash. `upload` is where it lies until the run ends."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    run: fields.ForeignKeyRelation[ImportRun] = fields.ForeignKeyField(
        "models.ImportRun", "files", on_delete=fields.CASCADE
    )
    run_id: UUID
    upload: fields.ForeignKeyNullableRelation[Upload] = fields.ForeignKeyField(
        "models.Upload", "import_files", null=True, on_delete=fields.RESTRICT
    )
    upload_id: UUID | None
    name = fields.CharField(max_length=255)
    size: fields.Field[int] = fields.BigIntField()
    sha256 = fields.CharField(max_length=64)

    class Meta(Model.Meta):
        table = "import_file"


class ExportKind(StrEnum):
    """What `lk export` can write."""

    READINGS = "READINGS"
    PAYMENTS = "PAYMENTS"
    APPEALS = "APPEALS"


class ExportFormat(StrEnum):
    """How it is written."""

    CSV = "CSV"
    JSONL = "JSONL"


class ExportState(StrEnum):
    """How far an export is."""

    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


class ExportRun(Model):
    """An export that staff have asked for.

    `since` is when what it writes was sent at the earliest; `with_answered` writes what billing has
    answered, too. `sha256` and `size` in bytes are the file's, which goes at `expires_at`.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(ExportKind, max_length=20)
    form = fields.CharEnumField(ExportFormat, max_length=10)
    state = fields.CharEnumField(ExportState, max_length=20)
    since = fields.DatetimeField()
    with_answered = fields.BooleanField()
    staff_id = fields.UUIDField()
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    rows: fields.Field[int] = fields.IntField(default=0)
    size: fields.Field[int | None] = fields.IntField(null=True)
    sha256 = fields.CharField(max_length=64, null=True)
    expires_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "export_run"

    @property
    def path(self) -> str:
        """Where the file lies in the store."""
        return f"exports/{self.id.hex}.{self.form.lower()}"


class SentKind(StrEnum):
    """What is exported to billing and answered by it."""

    READING = "READING"
    APPEAL_MESSAGE = "APPEAL_MESSAGE"


class Answer(StrEnum):
    """What billing says to it."""

    RECEIVED = "RECEIVED"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Acknowledgement(Model):
    """Billing's answer to a row that was exported to it («квитирование»).

    `subject_state` is the state of the row that billing knows of: in another one it is exported
    again. A message has none: it never changes.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(SentKind, max_length=20)
    subject_id = fields.UUIDField(unique=True)
    subject_state = fields.CharField(max_length=20, null=True)
    answer = fields.CharEnumField(Answer, max_length=20)
    reason = fields.CharField(max_length=300, null=True)
    as_of = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "acknowledgement"
