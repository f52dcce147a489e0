"""What staff say to have files imported and exported, and what they are told."""

from datetime import datetime
from typing import Any

import strawberry

from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.api.shapes import input_type, object_type
from lk_graphql.backoffice.types.imports import StaffExportRun, StaffImportRun
from lk_graphql.exchange.errors import ControlInvalid, ExchangeErrorCode
from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind
from lk_graphql.exchange.service.controls import read_controls
from lk_graphql.exchange.service.ordering import MOST_FILES, WantedExport, WantedImport
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.obstacle import Obstacle
from lk_graphql.reads.declare import choices
from lk_graphql.uploads.service.announcing import Words
from lk_graphql.uploads.types.errors import UploadError

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

    def unpacked(self) -> Words:
        return Words(self.file_name, self.content_type, self.size)


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
        description=f"From `staffUploadCreate`, up to {MOST_FILES}; their columns say which is"
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

    def unpacked(self) -> WantedImport:
        """Raises `ControlInvalid`."""
        try:
            controls = read_controls(f"{one.name}={one.value}" for one in self.controls[:50])
        except Obstacle:
            raise ControlInvalid("controls") from None
        uploads = [key_of(one, "upl") for one in self.upload_ids]
        return WantedImport(
            self.kind, uploads, self.as_of, self.is_dry_run, self.is_atomic, self.again, controls
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

    def unpacked(self) -> WantedExport:
        return WantedExport(self.kind, self.form, self.since, self.with_answered)


@object_type
class StaffUploadCreatePayload:
    """A file that is awaited."""

    upload_id: strawberry.ID | None = outcome("For `staffImportStart`, once, and for you only.")
    url: str | None = outcome(
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
