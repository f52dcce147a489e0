"""GraphQL types of uploads: files, public settings, the mutation's input and payload."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.languages import Language
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, choices, column, derived, labels, reads
from lk_graphql.uploads import models
from lk_graphql.uploads.errors import REFUSED, UploadErrorCode
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service import creation
from lk_graphql.uploads.service.contents import MAX_MEGAPIXELS
from lk_graphql.uploads.service.creation import UploadDeclaration
from lk_graphql.uploads.service.formats import FORMATS, Allowance
from lk_graphql.uploads.service.links import CONTENT, PREVIEW

choices(
    models.UploadKind,
    "A format of files, determined by the content and not by the name.",
    PDF="A document or a scan.",
    JPEG="A photo; the first of several pictures in one file (MPO).",
    PNG="A picture.",
    HEIC="A photo of an iPhone; it has no preview.",
    DOCX="A text document, without macros, embedded objects and linked parts.",
    XLSX="A table, without macros, embedded objects and linked parts.",
    CSV="Rows of the billing system; only uploaded by staff.",
    JSONL="Rows of the billing system as lines of JSON; only uploaded by staff.",
)
labels(
    models.UploadKind,
    PDF=("Документ PDF", "PDF document"),
    JPEG=("Фото JPEG", "JPEG photo"),
    PNG=("Изображение PNG", "PNG picture"),
    HEIC=("Фото iPhone (HEIC)", "iPhone photo (HEIC)"),
    DOCX=("Документ Word", "Word document"),
    XLSX=("Таблица Excel", "Excel table"),
    CSV=("Таблица CSV", "CSV table"),
    JSONL=("Строки JSON", "JSON lines"),
)
choices(
    models.UploadState,
    "The state of an upload.",
    AWAITED="The bytes haven't been sent yet: PUT them to the URL of `uploadCreate`.",
    RECEIVING="The bytes are being received.",
    SCANNING="The file is in quarantine until the scan for viruses.",
    READY="Other mutations accept the id of the file, once.",
    REFUSED="The file was refused, see `refusal`; upload another one.",
)
labels(
    models.UploadState,
    AWAITED=("Ожидается", "Awaited"),
    RECEIVING=("Загружается", "Uploading"),
    SCANNING=("Проверяется", "Being checked"),
    READY=("Готов", "Ready"),
    REFUSED=("Отклонён", "Refused"),
)
choices(
    UploadErrorCode,
    "The reason for refusing a file. Codes never change.",
    CONTENT_MISMATCH="The content is damaged, or in a format that isn't accepted; see `message`.",
    CONTENT_UNSAFE=(
        "The file has a decompression bomb, macros, linked parts, or two formats; see `message`."
    ),
    FILE_NAME_INVALID="The name of the file is empty or has no extension.",
    KIND_UNSUPPORTED="The format isn't one of `publicSettings.uploads.kinds`.",
    QUOTA_EXCEEDED="The daily limit of files or bytes is exceeded.",
    SIZE_INVALID="The file is empty or too large; see `publicSettings.uploads`.",
    SIZE_MISMATCH="The body had more or fewer bytes than `size`.",
    TOO_SLOW="The bytes weren't received in time; try the same URL again.",
    UPLOAD_NOT_FOUND="The URL is expired, used, or wasn't issued by the server.",
    VIRUS_FOUND="The scanner found a virus.",
)


def download_url(
    id: UUID,
    state: models.UploadState,
    file_urls: FileUrls,
) -> str | None:
    if state != models.UploadState.READY:
        return None
    return file_urls.of(CONTENT.route, id)


def preview_url(
    id: UUID,
    state: models.UploadState,
    has_preview: bool,  # noqa: FBT001 - a column
    file_urls: FileUrls,
) -> str | None:
    if state != models.UploadState.READY or not has_preview:
        return None
    return file_urls.of(PREVIEW.route, id)


def refusal_message(refusal: str | None, language: Language) -> str | None:
    return None if refusal is None else REFUSED[UploadErrorCode(refusal)]().text(language)


@reads(models.Upload, prefix="upl", owned_through="user")
class Upload(Node):
    """A file of the customer, not visible to other logins even with shared accounts."""

    file_name: str = column(
        "The sanitized name of the file; once READY, with the extension of its content.",
        of="name",
    )
    kind: models.UploadKind = column(
        "The format of the file, by its name, and once READY by its content."
    )
    size: int = column(
        "The size of the file in bytes; once READY, of the stored file without metadata."
    )
    state: models.UploadState = column("The state of the upload.")
    refusal: UploadErrorCode | None = column("The reason for the refusal; null if there was none.")
    refusal_message: str | None = derived(
        "The refusal in words, with advice; null if there was none.", refusal_message
    )
    sha256: str | None = column("The SHA-256 of the stored file, in hex; null until READY.")
    created_at: datetime = column("The date and time of the upload's creation.")
    expires_at: datetime = column(
        "The date and time at which the file is deleted unless it was used."
    )
    download_url: Url | None = derived(
        "The address of the file, valid for ten minutes and no longer than this session; "
        "null until it is READY. Pictures are stored without metadata (place, camera, "
        "time) and without bytes after their end.",
        download_url,
    )
    preview_url: Url | None = derived(
        "The address of a small JPEG of a picture, valid likewise; null if there is none.",
        preview_url,
    )


@object_type
class UploadForm:
    """An accepted format of files."""

    kind: UploadKind = strawberry.field(description="The format.")
    content_type: str = strawberry.field(
        description="The media type of the format, for `contentType`."
    )
    extensions: list[str] = strawberry.field(description="The extensions of file names.")
    most_megapixels: int | None = strawberry.field(
        description=(
            "The maximum number of megapixels of a picture; null for other files, and for "
            "pictures that aren't decoded."
        )
    )


@object_type
class UploadRules:
    """The rules of uploads («загрузка документов»)."""

    kinds: list[UploadForm] = strawberry.field(description="The accepted formats.")
    largest_bytes: int = strawberry.field(description="The maximum number of bytes of a file.")
    files_per_day: int = strawberry.field(
        description="The maximum number of uploads that a person may create in a day."
    )
    bytes_per_day: int = strawberry.field(
        description="The maximum number of bytes of these uploads together."
    )
    kept_seconds: int = strawberry.field(
        description="The number of seconds after which an unused file is deleted."
    )


def upload_rules(allowance: Allowance) -> UploadRules:
    return UploadRules(
        kinds=[
            UploadForm(
                kind=kind,
                content_type=form.media_type,
                extensions=list(form.extensions),
                most_megapixels=MAX_MEGAPIXELS.get(kind),
            )
            for kind, form in FORMATS.items()
            if kind in allowance.kinds
        ],
        largest_bytes=allowance.largest,
        files_per_day=allowance.files_a_day,
        bytes_per_day=allowance.bytes_a_day,
        kept_seconds=int(creation.LIFETIME.total_seconds()),
    )


# The input and the payload of the mutation.


@input_type
class UploadCreateInput:
    """A file to upload."""

    file_name: str = strawberry.field(
        description=(
            "The name of the file with its extension, `паспорт.pdf`. The content "
            "determines the format."
        )
    )
    content_type: str = strawberry.field(
        description=(
            "The media type of the file, `application/pdf`. It may be empty or wrong: it is "
            "used only for a name without an extension."
        )
    )
    size: int = strawberry.field(
        description="The size of the file in bytes; the body must have exactly this size."
    )

    def to_command(self) -> UploadDeclaration:
        return UploadDeclaration(self.file_name, self.content_type, self.size)


@object_type
class UploadError(UserError):
    """A refusal of a file."""

    code: UploadErrorCode = strawberry.field(description="The machine-readable reason.")


@object_type
class UploadCreatePayload(ViewerPayload):
    """The result of `uploadCreate`."""

    upload: Upload | None = outcome("The upload, which awaits its bytes.")
    url: Url | None = outcome(
        "The URL to PUT the bytes to, once, as the body; the response 204 confirms that "
        "they are stored."
    )
    errors: list[UploadError] = errors()
