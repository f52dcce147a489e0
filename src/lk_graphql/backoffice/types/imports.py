"""Imports and exports of files of the billing system as staff see them."""

from datetime import datetime
from uuid import UUID

from lk_graphql.backoffice.service import downloads
from lk_graphql.exchange import models
from lk_graphql.kit.company import Company
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Role, Staff
from lk_graphql.reads.declare import Node, StaffOnly, choices, column, derived, reads, related
from lk_graphql.reads.filters import any_of, at_least, at_most, filters

CLERK = StaffOnly(Role.CLERK)

choices(
    models.ImportKind,
    "What an import brings.",
    ACCOUNTS="Accounts and their holders («лицевые счета»).",
    METERS="Meters and their registers («приборы учёта»).",
    READINGS="Readings, and billing's answers to those of customers («показания»).",
    INVOICES="Bills with their lines, and balances («начисления»).",
    PAYMENTS="Payments that billing has posted, and balances («оплаты»).",
    TARIFFS="Tariffs, and what else is set by law and orders.",
    APPEALS="What billing says to customers' appeals («обращения»).",
)
choices(
    models.ImportState,
    "How far an import has come, or how it ended; only one that is done has changed anything.",
    WAITING="It waits for a worker, for the virus scanner, or for another import to end.",
    RUNNING="It runs; until it is done, the cabinet shows what it showed before.",
    DONE="Its good rows are there («загружено»).",
    CHECKED="It was a trial («проверено»): all was taken back.",
    REFUSED="A row was bad and all of them were wanted, or a control total differed.",
    FAILED="It broke off; the reason says where.",
    INTERRUPTED="Its process ended before it; what staff have asked for begins again by itself.",
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


def report_url(  # noqa: PLR0913, PLR0917 - columns, and what the app lends
    id: UUID,
    report: str | None,
    staff_id: UUID | None,
    on_duty: Staff | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if report is None or staff_id is None:
        return None
    return _url(downloads.IMPORT, id, on_duty, now, company, links)


def export_url(
    id: UUID,
    sha256: str | None,
    on_duty: Staff | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    return None if sha256 is None else _url(downloads.EXPORT, id, on_duty, now, company, links)


def _url(
    kind: str, id: UUID, on_duty: Staff | None, now: datetime, company: Company, links: Links
) -> str | None:
    if on_duty is None or not on_duty.may(downloads.NEEDED):
        return None
    return company.public_url + downloads.file_path(kind, id, on_duty, now=now, links=links)


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
    report_url: str | None = derived(
        "The list of bad rows, a CSV with file, line, column, code and value: for supervisors, for"
        " ten minutes, with the session that asks. Null without bad rows, and where an operator has"
        " it.",
        report_url,
    )
    reason: str | None = column("Why nothing was loaded; null otherwise.")
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
    download_url: str | None = derived(
        "Where to fetch it: for supervisors, for ten minutes, with the session that asks. Null"
        " before it is written, and after it has expired.",
        export_url,
    )
    expires_at: datetime | None = column("When the file is deleted; null before it is written.")


@filters
class StaffImportFilterInput:
    """Which imports to show; all that isn't said goes."""

    kinds: list[models.ImportKind] | None = any_of("Only of these kinds.", of="kind")
    states: list[models.ImportState] | None = any_of("Only in these states.", of="state")
    from_: datetime | None = at_least("Begun at this moment or later.", of="started_at")
    to: datetime | None = at_most("Begun at this moment or before.", of="started_at")
