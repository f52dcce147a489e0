"""Tables of import and export runs and of billing's acknowledgements."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.import_formats.service.kinds import Answer, ImportChangeKind, ImportKind
from lk_graphql.kit.company import Company
from lk_graphql.kit.ids import new_key
from lk_graphql.tabular.value_formats import DecimalSign
from lk_graphql.uploads.models import Upload


class ImportState(StrEnum):
    """State of a run.

    A run that is FAILED or INTERRUPTED may have written batches, `batches_written`. One that is
    WAITING, RUNNING, CHECKED, REFUSED or NEEDS_CONFIRMATION has changed nothing.
    """

    WAITING = "WAITING"
    """A staff request that waits for a worker, the scanner, or another import."""
    RUNNING = "RUNNING"
    APPLYING = "APPLYING"
    """Checked, and being written in batches: the accounts of the first `batches_written` have their
    new rows. If the process dies, a worker or the next import continues the run."""
    DONE = "DONE"
    CHECKED = "CHECKED"
    """A completed dry run, rolled back."""
    REFUSED = "REFUSED"
    """Nothing was loaded, because of a bad row in an atomic run, a control total, or the files."""
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    """Nothing was loaded: customers would lose something on too many linked accounts, or on another
    number than expected."""
    FAILED = "FAILED"
    INTERRUPTED = "INTERRUPTED"
    """The process stopped or died before anything was written, or PostgreSQL has lost the rows that
    weren't written yet. Runs of staff are retried."""


@dataclass(frozen=True)
class ImpactOfKind:
    """Number of linked accounts with a kind of change, and of the links to them."""

    kind: ImportChangeKind
    accounts: int
    links: int


@dataclass(frozen=True)
class ImportImpact:
    """Numbers of linked accounts: all, and those on which customers would lose something.

    `examples` are account numbers of the latter, for staff only.
    """

    linked: int = 0
    affected: int = 0
    changes: Sequence[ImpactOfKind] = ()
    examples: Sequence[str] = field(default=())

    @classmethod
    def from_json(cls, columns: Mapping[str, Any]) -> "ImportImpact":
        changes = [
            ImpactOfKind(ImportChangeKind(change["kind"]), change["accounts"], change["links"])
            for change in columns["changes"]
        ]
        return cls(columns["linked"], columns["affected"], changes, columns["examples"])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def objection(self, expected: int | None, company: Company) -> str | None:
        """Reason to stop the import; None if `expected` accounts are affected.

        If `expected` is None, the limit is a share of the linked accounts, or a minimum if that is
        more. For a small supplier the minimum is half of the linked accounts, but at least two.
        """
        if expected == self.affected:
            return None
        minimum = min(company.import_drastic_minimum, max(self.linked // 2, 2))
        if expected is None and self.affected <= max(
            self.linked * company.import_drastic_share / 100, minimum
        ):
            return None
        kinds = "; ".join(
            f"{change.kind}: {change.accounts:,} accounts, {change.links:,} links"
            for change in self.changes
        )
        expectation = "" if expected is None else f", but {expected:,} were expected"
        return (
            f"Customers would lose something on {self.affected:,} of {self.linked:,} linked"
            f" accounts{expectation}{kinds and f' ({kinds})'}. Check the files. If this is right,"
            f" import them again and expect {self.affected} changes."
        )


class ImportRun(Model):
    """An import of files, by an operator or by staff.

    A small import commits its changes and its end in one transaction, and its `batches` are null. A
    large import is written in `batches`; each commits its rows and `batches_written`.

    `totals` are rows and sums by `Records`. `reason` is set if not all was loaded. A staff request
    has a `staff_id`, its `controls`, and, if there are bad rows, a `report` in the file store; an
    operator's `report` is a local file. `impact` is an `ImportImpact` as JSON, null if customers
    lose nothing; `expected_changes` is the number of accounts that have to be affected.
    `decimal_sign` is the sign in the numbers of the files, if it was named.
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
    expected_changes: fields.Field[int | None] = fields.IntField(null=True)
    impact: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    decimal_sign = fields.CharEnumField(DecimalSign, max_length=10, null=True)
    batches: fields.Field[int | None] = fields.IntField(null=True)
    batches_written: fields.Field[int] = fields.IntField(default=0)

    files: fields.ReverseRelation["ImportFile"]

    class Meta(Model.Meta):
        table = "import_run"

    @property
    def report_path(self) -> str:
        """Path of a staff run's report in the file store."""
        return f"import-reports/{self.id.hex}.csv"


class ImportFile(Model):
    """A file of a run, identified by its hash; `upload` of a staff run is set until it ends."""

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
    """Kinds of export; the values are the arguments of `lk export`."""

    READINGS = "READINGS"
    PAYMENTS = "PAYMENTS"
    APPEALS = "APPEALS"


class ExportFormat(StrEnum):
    """File format of an export."""

    CSV = "CSV"
    JSONL = "JSONL"


class ExportState(StrEnum):
    """State of an export."""

    WAITING = "WAITING"
    DONE = "DONE"
    FAILED = "FAILED"


class ExportRun(Model):
    """An export requested by staff.

    The file has the rows from `since` on, and acknowledged ones only if `with_answered`. `sha256`
    and `size` (bytes) describe the file, which is deleted after `expires_at`.
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
        """Path of the file in the file store."""
        return f"exports/{self.id.hex}.{self.form.lower()}"


class SentKind(StrEnum):
    """Kinds of rows that are exported and acknowledged by billing."""

    READING = "READING"
    APPEAL_MESSAGE = "APPEAL_MESSAGE"


class Acknowledgement(Model):
    """Billing's answer to an exported row («квитирование»).

    `subject_state` is the acknowledged state of the row, which is exported again when its state
    changes. It is `MOVED` for a reading that was acknowledged for another month than its present
    one, and null for a message, which never changes.
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
