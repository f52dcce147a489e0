"""Imports, exports and pending uploads for staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.backoffice.service import exchange
from lk_graphql.backoffice.service.exchange import MAX_FILES, ExportRequest, ImportRequest
from lk_graphql.exchange import models
from lk_graphql.exchange.errors import ControlInvalid, ExchangeErrorCode
from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportImpact
from lk_graphql.exchange.service.imports import read_controls
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.planner.declare.filters import at_least, at_most, filter_input, one_of
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, StaffOnly, choices, column, derived, reads, related
from lk_graphql.tabular.value_formats import DecimalSign
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import UploadState
from lk_graphql.uploads.service.creation import UploadDeclaration
from lk_graphql.uploads.types import UploadError

CLERK = StaffOnly(Role.CLERK)


@object_type
class StaffUpload:
    """An unused file of the signed-in member of staff («загруженный файл»)."""

    id: strawberry.ID = strawberry.field(
        description="The id for `staffAppealAnswer` or `staffImportStart`, once the file is READY."
    )
    file_name: str = strawberry.field(description="The name, without paths and misleading parts.")
    size: int = strawberry.field(description="The size of the file in bytes.")
    state: UploadState = strawberry.field(description="The state of the upload.")
    refusal: UploadErrorCode | None = strawberry.field(
        description="The reason for the refusal; null if there was none."
    )
    expires_at: datetime = strawberry.field(
        description="The date and time at which the file is deleted unless it was used."
    )


UPLOADS_WAITING_SQL = """(SELECT coalesce(json_agg(json_build_array(waiting.id, waiting.name,
waiting.size, waiting.state, waiting.refusal, waiting.expires_at) ORDER BY waiting.created_at,
waiting.id), '[]') FROM upload AS waiting WHERE waiting.staff_id = {id} AND waiting.taken_at IS NULL
AND waiting.expires_at > {now})"""


def uploads(waiting: Sequence[Sequence[Any]]) -> list[StaffUpload]:
    """Build the list from the rows of `UPLOADS_WAITING_SQL`."""
    return [
        StaffUpload(
            id=strawberry.ID(to_public("upl", UUID(key))),
            file_name=name,
            size=size,
            state=UploadState(state),
            refusal=UploadErrorCode(refusal) if refusal else None,
            expires_at=datetime.fromisoformat(expires_at),
        )
        for key, name, size, state, refusal, expires_at in waiting
    ]


choices(
    models.ImportKind,
    "The kind of data in an import.",
    ACCOUNTS="Accounts and their holders («лицевые счета»).",
    METERS="Meters and their registers («приборы учёта»).",
    READINGS="Readings, and billing's answers to those of customers («показания»).",
    INVOICES="Bills with their lines, and balances («начисления»).",
    PAYMENTS="Payments that billing has posted, and balances («оплаты»).",
    TARIFFS="Tariffs, and other values set by law and orders.",
    RULES="All dated rules: those of `TARIFFS`, taxes, the calendar, and those set by the company "
    "(«условия и нормативы»).",
    APPEALS="Billing's answers to customers' appeals («обращения»).",
)
choices(
    models.ImportState,
    "The state of an import. A failed or interrupted one may have been written in part.",
    WAITING="Waiting for a worker, for the virus scanner, or for the end of another import.",
    RUNNING="Running; until it is done or applied, the cabinet shows the previous data.",
    APPLYING="The rows passed all checks and are being written («проводится»). Each account shows "
    "either its previous data or all of the new. After an interruption, a worker continues within "
    "a minute.",
    DONE="The valid rows are loaded («загружено»).",
    CHECKED="A dry run («проверено»): all changes were rolled back.",
    REFUSED="Nothing was loaded: a row of an atomic import was invalid, or a control total "
    "differed.",
    NEEDS_CONFIRMATION="Nothing was loaded: customers would lose something on more linked "
    "accounts than is permitted without a confirmation, or on another number of accounts than "
    "`expectedChanges`. Start the import again with the same uploads, and with `expectedChanges` "
    "set to `impact.affectedAccounts`.",
    FAILED="Aborted; `reason` says where, and how much was written, if anything.",
    INTERRUPTED="The process ended prematurely; an import requested by staff restarts "
    "automatically.",
)
choices(
    models.ImportChangeKind,
    "The kind of a change in an import by which customers lose something.",
    HOLDER_CHANGED="The holder is another person: each link is suspended, with a mail.",
    ACCOUNT_CLOSED="The account is closed, or closed earlier than known before.",
    METERS_REMOVED="The account loses its last meter.",
    READING_CHANGED="An accepted reading is replaced by one with another value.",
    READING_REJECTED="A reading is rejected.",
    BILL_CANCELLED="A bill is replaced by one without any charges.",
    BILL_CHANGED="A bill is replaced by one with another sum or closing balance.",
    BALANCE_CLEARED="A debt or an advance becomes zero, without a payment or a bill.",
    PAYMENT_MOVED="A payment goes to another account, or gets another amount.",
)
choices(
    DecimalSign,
    "The sign before the decimals of a number.",
    COMMA="A comma, as in `0,5`.",
    POINT="A point, as in `0.5`.",
)
choices(
    models.ExportKind,
    "The kind of data that an export writes for the billing system.",
    READINGS="Readings submitted by customers («показания»).",
    PAYMENTS="Payments in the cabinet, and refunds («оплаты»).",
    APPEALS="Messages of customers in appeals («обращения»).",
)
choices(
    models.ExportFormat,
    "The file format of an export; docs/import.md shows the columns.",
    CSV="CSV with `;`, in UTF-8.",
    JSONL="One JSON object a line.",
)
choices(
    models.ExportState,
    "The state of an export.",
    WAITING="Waiting for a worker, or being written.",
    DONE="The file can be downloaded until it expires («выгружено»).",
    FAILED="Aborted; the operators have the reason.",
)


def report_url(
    id: UUID,
    report: str | None,
    staff_id: UUID | None,
    current_staff: StaffViewer | None,
    staff_file_urls: FileUrls,
) -> str | None:
    if report is None or staff_id is None or not _may_open(current_staff):
        return None
    return staff_file_urls.of(exchange.IMPORT, id)


def export_url(
    id: UUID, sha256: str | None, current_staff: StaffViewer | None, staff_file_urls: FileUrls
) -> str | None:
    if sha256 is None or not _may_open(current_staff):
        return None
    return staff_file_urls.of(exchange.EXPORT, id)


def _may_open(staff: StaffViewer | None) -> bool:
    return staff is not None and staff.may(exchange.REQUIRED_ROLE)


@object_type
class StaffImportChange:
    """A kind of change, and the number of accounts and links concerned."""

    kind: models.ImportChangeKind = strawberry.field(description="The kind of the change.")
    accounts: int = strawberry.field(description="The number of linked accounts.")
    links: int = strawberry.field(description="The number of customers' links to these accounts.")


@object_type
class StaffImportImpact:
    """The number of accounts on which customers would lose something, or have lost it."""

    linked_accounts: int = strawberry.field(
        description="The number of accounts linked by customers, in the whole cabinet."
    )
    affected_accounts: int = strawberry.field(
        description="The number of those with a loss by any change, for `expectedChanges`."
    )
    changes: list[StaffImportChange] = strawberry.field(
        description="The changes by kind; an account may be in several."
    )
    example_numbers: list[str] = strawberry.field(description="The numbers of up to five examples.")


def impact_of(impact: dict[str, Any] | None) -> StaffImportImpact | None:
    if impact is None:
        return None
    measured = ImportImpact.from_json(impact)
    return StaffImportImpact(
        linked_accounts=measured.linked,
        affected_accounts=measured.affected,
        changes=[
            StaffImportChange(kind=change.kind, accounts=change.accounts, links=change.links)
            for change in measured.changes
        ],
        example_numbers=[*measured.examples],
    )


@reads(models.ImportFile, owned_through=CLERK)
class StaffImportFile:
    """A file of an import."""

    name: str = column("The name of the file.")
    sha256: str = column("The SHA-256 of the content, in hexadecimal digits.")


@reads(models.ImportRun, prefix="imp", owned_through=CLERK)
class StaffImportRun(Node):
    """An import of files of the billing system («загрузка»)."""

    kind: models.ImportKind = column("The kind of the imported data.")
    state: models.ImportState = column("The state of the import.")
    as_of: datetime = column("The date and time of the data; older files leave newer rows alone.")
    is_dry_run: bool = column("Whether it is a dry run, whose changes are rolled back.")
    started_at: datetime = column("The date and time of the start; while waiting, of the request.")
    finished_at: datetime | None = column("The date and time of the end; null before.")
    rows_read: int = column("The number of rows read so far.")
    rows_loaded: int = column("The number of new or changed rows; others are left as they are.")
    errors: int = column("The number of refused rows.")
    report_url: Url | None = derived(
        "The address of the list of invalid rows, a CSV with file, line, column, code and value: "
        "for supervisors, for ten minutes and no longer than this session. Null without invalid "
        "rows, and for an operator's import.",
        report_url,
    )
    reason: str | None = column(
        "The reason why some rows weren't loaded, or wouldn't be after a dry run; null otherwise."
    )
    expected_changes: int | None = column(
        "The expected number of linked accounts on which customers lose something; null if not "
        "given."
    )
    decimal_sign: DecimalSign | None = column("The decimal sign of the numbers; null if not given.")
    impact: StaffImportImpact | None = derived(
        "The linked accounts on which customers would lose, or have lost, something; null before "
        "they are known, and if there are none.",
        impact_of,
    )
    files: list[StaffImportFile] = related("The files of the import.", order_by="name")


@reads(models.ExportRun, prefix="exp", owned_through=CLERK)
class StaffExportRun(Node):
    """An export of data from customers («выгрузка»)."""

    kind: models.ExportKind = column("The kind of the exported data.")
    form: models.ExportFormat = column("The file format.")
    state: models.ExportState = column("The state of the export.")
    since: datetime = column("The earliest date and time of sending.")
    with_answered: bool = column("Whether rows with an answer from billing are included.")
    started_at: datetime = column("The date and time of the request.")
    finished_at: datetime | None = column("The date and time of the end; null before.")
    rows: int = column("The number of rows.")
    size: int | None = column("The size in bytes; null before the file is written.")
    download_url: Url | None = derived(
        "The address of the file: for supervisors, for ten minutes and no longer than this "
        "session. Null before it is written, and after it has expired.",
        export_url,
    )
    expires_at: datetime | None = column("The date and time of deletion; null before writing.")


@filter_input
class StaffImportFilterInput:
    """Filters of imports; omitted fields filter nothing."""

    kinds: list[models.ImportKind] | None = one_of("Only imports of these kinds.", of="kind")
    states: list[models.ImportState] | None = one_of("Only imports in these states.", of="state")
    from_: datetime | None = at_least("The earliest date and time of the start.", of="started_at")
    to: datetime | None = at_most("The latest date and time of the start.", of="started_at")


choices(
    ExchangeErrorCode,
    "The reason for refusing an import or an export. Codes never change.",
    CONTROL_INVALID="A control total is neither a number of rows nor a sum in rubles.",
    LOADED_ALREADY="Each of these files was already loaded without an error; `again` loads them "
    "once more.",
    MOMENT_INVALID="The date and time are in the future.",
    UPLOAD_UNUSABLE="The upload belongs to another member, wasn't received, was refused, or was "
    "used.",
    UPLOADS_INVALID="There are no files, or too many.",
)


@object_type
class ExchangeError(UserError):
    """A refusal of an import or an export."""

    code: ExchangeErrorCode = strawberry.field(description="The reason, for programs.")


@input_type
class StaffUploadCreateInput:
    """A file of the billing system to upload."""

    file_name: str = strawberry.field(description="The name, with `.csv` or `.jsonl` at the end.")
    content_type: str = strawberry.field(
        description="The media type: `text/csv` or `application/jsonl`."
    )
    size: int = strawberry.field(
        description="The size in bytes, up to 100 MB; the body must have exactly this size."
    )

    def to_command(self) -> UploadDeclaration:
        return UploadDeclaration(self.file_name, self.content_type, self.size)


@input_type
class StaffImportControlInput:
    """A control total («контрольная сумма»); if it differs, nothing is loaded."""

    name: str = strawberry.field(description="`invoices` for rows, `invoices.charged` for a sum.")
    value: str = strawberry.field(description="`1000`, or rubles: `1234567.89`.")


def _no_controls() -> Any:
    return strawberry.field(
        default_factory=list[StaffImportControlInput],
        description="Control totals, up to 50; if one differs, nothing is loaded.",
    )


@input_type
class StaffImportStartInput:
    """An import of uploaded files, all in one transaction."""

    kind: ImportKind = strawberry.field(description="The kind of data in the files.")
    upload_ids: list[strawberry.ID] = strawberry.field(
        description=f"The ids of up to {MAX_FILES} files from `staffUploadCreate`, which their"
        " columns identify. The import waits for files in quarantine."
    )
    is_dry_run: bool = strawberry.field(
        default=False,
        description="Whether to run a dry run, which is reported and rolled back; the files can be "
        "used once more.",
    )
    is_atomic: bool = strawberry.field(
        default=False,
        description="Whether an invalid row refuses the whole import; otherwise valid rows are "
        "loaded.",
    )
    again: bool = strawberry.field(
        default=False, description="Whether to load files that were loaded already."
    )
    as_of: datetime | None = strawberry.field(
        default=None,
        description="The date and time at which billing made the files; now by default. An older "
        "file leaves newer rows unchanged.",
    )
    controls: list[StaffImportControlInput] = _no_controls()
    expected_changes: int | None = strawberry.field(
        default=None,
        description="The exact number of linked accounts on which customers may lose something: "
        "`impact.affectedAccounts` of a dry run, or of an import that needs a confirmation.",
    )
    decimal_sign: DecimalSign | None = strawberry.field(
        default=None,
        description="The decimal sign of the files' numbers; needed for those such as `1,234` if "
        "no other number shows it.",
    )

    def to_command(self) -> ImportRequest:
        """Build the request. Raises `ControlInvalid` for a malformed control total."""
        try:
            controls = read_controls(f"{item.name}={item.value}" for item in self.controls[:50])
        except CommandError:
            raise ControlInvalid("controls") from None
        uploads = [key_of(item, "upl") for item in self.upload_ids]
        return ImportRequest(
            self.kind,
            uploads,
            self.as_of,
            self.is_dry_run,
            self.is_atomic,
            self.again,
            controls,
            self.expected_changes,
            self.decimal_sign,
        )


@input_type
class StaffExportStartInput:
    """An export of data from customers."""

    kind: ExportKind = strawberry.field(description="The kind of data to export.")
    since: datetime = strawberry.field(description="The earliest date and time of sending.")
    form: ExportFormat = strawberry.field(default=ExportFormat.CSV, description="The file format.")
    with_answered: bool = strawberry.field(
        default=False, description="Whether to include rows with an answer from billing."
    )

    def to_command(self) -> ExportRequest:
        return ExportRequest(self.kind, self.form, self.since, self.with_answered)


@object_type
class StaffUploadCreatePayload:
    """The result of `staffUploadCreate`."""

    upload_id: strawberry.ID | None = outcome(
        "The id of the upload, for a single `staffImportStart` by the same member of staff."
    )
    url: Url | None = outcome(
        "The URL to PUT the bytes to, once, as the body; the response 204 confirms that they are "
        "stored."
    )
    errors: list[UploadError] = errors()


@object_type
class StaffImportStartPayload:
    """The result of `staffImportStart`."""

    import_run: StaffImportRun | None = outcome("The import, queued for a worker.")
    errors: list[ExchangeError] = errors()


@object_type
class StaffExportStartPayload:
    """The result of `staffExportStart`."""

    export_run: StaffExportRun | None = outcome("The export, queued for a worker.")
    errors: list[ExchangeError] = errors()
