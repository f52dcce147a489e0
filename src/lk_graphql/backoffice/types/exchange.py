"""Imports, exports and pending uploads for staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.backoffice.service import exchange
from lk_graphql.exchange import models
from lk_graphql.exchange.errors import ControlInvalid, ExchangeErrorCode
from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind
from lk_graphql.exchange.service.imports import read_controls
from lk_graphql.exchange.service.runs import MAX_FILES, ExportRequest, ImportImpact, ImportRequest
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.value_formats import DecimalSign
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.planner.declare.filters import at_least, at_most, filter_input, one_of
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, StaffOnly, choices, column, derived, reads, related
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import UploadState
from lk_graphql.uploads.service.creation import UploadDeclaration
from lk_graphql.uploads.types.payloads import UploadError

CLERK = StaffOnly(Role.CLERK)


@object_type
class StaffUpload:
    """A file of yours that nothing was made of yet («загруженный файл»)."""

    id: strawberry.ID = strawberry.field(
        description="For `staffAppealAnswer` or `staffImportStart`, once it is READY."
    )
    file_name: str = strawberry.field(description="What it is called, cleaned of paths and tricks.")
    size: int = strawberry.field(description="Its length in bytes.")
    state: UploadState = strawberry.field(description="How far it is.")
    refusal: UploadErrorCode | None = strawberry.field(
        description="Why it was refused; null unless it was."
    )
    expires_at: datetime = strawberry.field(
        description="When it is forgotten, unless something was made of it."
    )


WAITING = """(SELECT coalesce(json_agg(json_build_array(waiting.id, waiting.name, waiting.size,
waiting.state, waiting.refusal, waiting.expires_at) ORDER BY waiting.created_at, waiting.id), '[]')
FROM upload AS waiting WHERE waiting.staff_id = {id} AND waiting.taken_at IS NULL
AND waiting.expires_at > {now})"""


def uploads(waiting: Sequence[Sequence[Any]]) -> list[StaffUpload]:
    """Build the list from the rows of `WAITING`."""
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
    "What an import brings.",
    ACCOUNTS="Accounts and their holders («лицевые счета»).",
    METERS="Meters and their registers («приборы учёта»).",
    READINGS="Readings, and billing's answers to those of customers («показания»).",
    INVOICES="Bills with their lines, and balances («начисления»).",
    PAYMENTS="Payments that billing has posted, and balances («оплаты»).",
    TARIFFS="Tariffs, and what else is set by law and orders.",
    RULES="All dated rules: those of `TARIFFS`, taxes, the calendar, and what the company sets"
    " («условия и нормативы»).",
    APPEALS="What billing says to customers' appeals («обращения»).",
)
choices(
    models.ImportState,
    "How far an import has come, or how it ended; only one that is done, or being applied, has"
    " changed anything.",
    WAITING="It waits for a worker, for the virus scanner, or for another import to end.",
    RUNNING="It runs; until it is done or applied, the cabinet shows what it showed before.",
    APPLYING="Its rows are right and are being written («проводится»): each account shows either"
    " what it showed before, or all that is new. An interruption ends it only for a minute.",
    DONE="Its good rows are there («загружено»).",
    CHECKED="It was a trial («проверено»): all was taken back.",
    REFUSED="A row was bad and all of them were wanted, or a control total differed.",
    NEEDS_CONFIRMATION="Nothing was loaded: customers would lose something on more linked accounts"
    " than may be without a confirmation, or not on as many as `expectedChanges`. The uploads can"
    " be used again, with the number.",
    FAILED="It broke off; the reason says where, and how much is written, if anything.",
    INTERRUPTED="Its process ended before it; what staff have asked for begins again by itself.",
)
choices(
    models.ImportChangeKind,
    "By which change of an import customers lose something.",
    HOLDER_CHANGED="The holder is another person: each link is suspended, with a mail.",
    ACCOUNT_CLOSED="The account closes, or earlier than was known.",
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
    "What stands before the decimals of a number.",
    COMMA="A comma, as in `0,5`.",
    POINT="A point, as in `0.5`.",
)
choices(
    models.ExportKind,
    "What an export writes for the billing system.",
    READINGS="Readings that customers have sent («показания»).",
    PAYMENTS="Payments in the cabinet, and refunds («оплаты»).",
    APPEALS="What customers have written in appeals («обращения»).",
)
choices(
    models.ExportFormat,
    "How it is written; docs/import.md shows the columns.",
    CSV="With `;`, in UTF-8.",
    JSONL="A JSON object a line.",
)
choices(
    models.ExportState,
    "How far an export is.",
    WAITING="It waits for a worker, or is being written.",
    DONE="It can be fetched until it expires («выгружено»).",
    FAILED="It broke off; the operators have the reason.",
)


def report_url(  # noqa: PLR0913, PLR0917 - columns and dependencies
    id: UUID,
    report: str | None,
    staff_id: UUID | None,
    current_staff: StaffViewer | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if report is None or staff_id is None:
        return None
    return _url(exchange.IMPORT, id, current_staff, now, company, links)


def export_url(
    id: UUID,
    sha256: str | None,
    current_staff: StaffViewer | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    return None if sha256 is None else _url(exchange.EXPORT, id, current_staff, now, company, links)


def _url(
    kind: FileRoute,
    id: UUID,
    current_staff: StaffViewer | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if current_staff is None or not current_staff.may(exchange.REQUIRED_ROLE):
        return None
    session_id, public_url = current_staff.session_id, company.public_url
    return kind.url(id, session_id, now=now, public_url=public_url, links=links)


@object_type
class StaffImportChange:
    """A kind of change, and how many it concerns."""

    kind: models.ImportChangeKind = strawberry.field(description="Which.")
    accounts: int = strawberry.field(description="Linked accounts.")
    links: int = strawberry.field(description="Customers' links to these accounts.")


@object_type
class StaffImportImpact:
    """On how many accounts customers would lose something, or have lost it."""

    linked_accounts: int = strawberry.field(
        description="Accounts that customers have linked, in the whole cabinet."
    )
    affected_accounts: int = strawberry.field(
        description="Those on which they lose something by any change: for `expectedChanges`."
    )
    changes: list[StaffImportChange] = strawberry.field(
        description="By kind; an account may be in several."
    )
    example_numbers: list[str] = strawberry.field(
        description="Numbers of up to five such accounts."
    )


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
    """A file that was imported."""

    name: str = column("What it was called.")
    sha256: str = column("The SHA-256 of what stood in it, in hexadecimal digits.")


@reads(models.ImportRun, prefix="imp", owned_through=CLERK)
class StaffImportRun(Node):
    """An import of files of the billing system («загрузка»)."""

    kind: models.ImportKind = column("What it brings.")
    state: models.ImportState = column("How far it has come, or how it ended.")
    as_of: datetime = column("As of when the files are; an older one leaves newer rows alone.")
    is_dry_run: bool = column("Whether it is a trial, which is taken back.")
    started_at: datetime = column("When it began; of one that waits, when it was asked for.")
    finished_at: datetime | None = column("When it ended; null before.")
    rows_read: int = column("Rows read so far.")
    rows_loaded: int = column("Rows that were new or had changed; others are left as they are.")
    errors: int = column("Rows that were refused.")
    report_url: Url | None = derived(
        "The list of bad rows, a CSV with file, line, column, code and value: for supervisors, for"
        " ten minutes and as long as this session lasts. Null without bad rows, and where an"
        " operator has it.",
        report_url,
    )
    reason: str | None = column(
        "Why nothing was loaded, or why the import itself would stop after a trial; null otherwise."
    )
    expected_changes: int | None = column(
        "On how many linked accounts customers were expected to lose something; null if it wasn't"
        " said."
    )
    decimal_sign: DecimalSign | None = column(
        "The decimal sign of the files' numbers; null if it wasn't said."
    )
    impact: StaffImportImpact | None = derived(
        "On how many linked accounts they would lose something, or have; null before that is known,"
        " and if there are none.",
        impact_of,
    )
    files: list[StaffImportFile] = related("What was read.", order_by="name")


@reads(models.ExportRun, prefix="exp", owned_through=CLERK)
class StaffExportRun(Node):
    """An export of what customers have sent («выгрузка»)."""

    kind: models.ExportKind = column("What it writes.")
    form: models.ExportFormat = column("How.")
    state: models.ExportState = column("How far it is.")
    since: datetime = column("Sent since when.")
    with_answered: bool = column("Whether it writes what billing has answered, too.")
    started_at: datetime = column("When it was asked for.")
    finished_at: datetime | None = column("When it was written; null before.")
    rows: int = column("How many rows it has.")
    size: int | None = column("Its length in bytes; null before it is written.")
    download_url: Url | None = derived(
        "Where to fetch it: for supervisors, for ten minutes and as long as this session lasts."
        " Null before it is written, and after it has expired.",
        export_url,
    )
    expires_at: datetime | None = column("When the file is deleted; null before it is written.")


@filter_input
class StaffImportFilterInput:
    """Which imports to show; all that isn't said goes."""

    kinds: list[models.ImportKind] | None = one_of("Only of these kinds.", of="kind")
    states: list[models.ImportState] | None = one_of("Only in these states.", of="state")
    from_: datetime | None = at_least("Begun at this moment or later.", of="started_at")
    to: datetime | None = at_most("Begun at this moment or before.", of="started_at")


choices(
    ExchangeErrorCode,
    "Why an import or an export isn't begun. Codes never change.",
    CONTROL_INVALID="A control total is neither a number of rows nor a sum in rubles.",
    LOADED_ALREADY="Each of these files was loaded without an error: say `again` if you mean it.",
    MOMENT_INVALID="The moment lies in the future.",
    UPLOAD_UNUSABLE="The upload isn't yours, hasn't come, was refused, or was used.",
    UPLOADS_INVALID="No files, or too many.",
)


@object_type
class ExchangeError(UserError):
    """Why an import or an export isn't begun."""

    code: ExchangeErrorCode = strawberry.field(description="The reason, for programs.")


@input_type
class StaffUploadCreateInput:
    """A file of the billing system that is about to be sent."""

    file_name: str = strawberry.field(description="Its name, with `.csv` or `.jsonl` at the end.")
    content_type: str = strawberry.field(
        description="Its media type: `text/csv` or `application/jsonl`."
    )
    size: int = strawberry.field(
        description="Its length in bytes, up to 100 MB; exactly as many must come."
    )

    def to_command(self) -> UploadDeclaration:
        return UploadDeclaration(self.file_name, self.content_type, self.size)


@input_type
class StaffImportControlInput:
    """What has to come out («контрольная сумма»), or nothing is loaded."""

    name: str = strawberry.field(description="`invoices` for rows, `invoices.charged` for a sum.")
    value: str = strawberry.field(description="`1000`, or rubles: `1234567.89`.")


def _no_controls() -> Any:
    return strawberry.field(
        default_factory=list[StaffImportControlInput],
        description="Control totals, up to 50; another one, and nothing is loaded.",
    )


@input_type
class StaffImportStartInput:
    """An import of uploaded files, all in one transaction."""

    kind: ImportKind = strawberry.field(description="What they hold.")
    upload_ids: list[strawberry.ID] = strawberry.field(
        description=f"From `staffUploadCreate`, up to {MAX_FILES}; their columns say which is"
        " which. They may still be in quarantine: then the import waits."
    )
    is_dry_run: bool = strawberry.field(
        default=False,
        description="Do it all, tell, and take it back; the files can be used once more.",
    )
    is_atomic: bool = strawberry.field(
        default=False, description="Whether a bad row refuses all; else good rows are loaded."
    )
    again: bool = strawberry.field(
        default=False, description="Load files that were loaded already."
    )
    as_of: datetime | None = strawberry.field(
        default=None,
        description="When billing made the files; otherwise now. An older file leaves newer rows"
        " alone.",
    )
    controls: list[StaffImportControlInput] = _no_controls()
    expected_changes: int | None = strawberry.field(
        default=None,
        description="On how many linked accounts customers may lose something, exactly:"
        " `impact.affectedAccounts` of a trial, or of an import that needs a confirmation.",
    )
    decimal_sign: DecimalSign | None = strawberry.field(
        default=None,
        description="Of the numbers in the files; needed for those such as `1,234` if no other"
        " number shows it.",
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
    """An export of what customers have sent."""

    kind: ExportKind = strawberry.field(description="What to write.")
    since: datetime = strawberry.field(description="Sent since when.")
    form: ExportFormat = strawberry.field(default=ExportFormat.CSV, description="How.")
    with_answered: bool = strawberry.field(
        default=False, description="What billing has answered, too."
    )

    def to_command(self) -> ExportRequest:
        return ExportRequest(self.kind, self.form, self.since, self.with_answered)


@object_type
class StaffUploadCreatePayload:
    """A file that is awaited."""

    upload_id: strawberry.ID | None = outcome("For `staffImportStart`, once, and for you only.")
    url: Url | None = outcome(
        "Where to PUT the bytes, once, as the body; 204 says that they are kept."
    )
    errors: list[UploadError] = errors()


@object_type
class StaffImportStartPayload:
    """What became of the wish to import."""

    import_run: StaffImportRun | None = outcome("The import, which waits for a worker.")
    errors: list[ExchangeError] = errors()


@object_type
class StaffExportStartPayload:
    """What became of the wish to export."""

    export_run: StaffExportRun | None = outcome("The export, which waits for a worker.")
    errors: list[ExchangeError] = errors()
