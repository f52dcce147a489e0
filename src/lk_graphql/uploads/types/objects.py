"""Uploads and their public settings as GraphQL types."""

from datetime import datetime
from uuid import UUID

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language
from lk_graphql.kit.signing import Signer
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import Node, choices, column, derived, labels, reads
from lk_graphql.uploads import models
from lk_graphql.uploads.errors import REFUSED, UploadErrorCode
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service import creation
from lk_graphql.uploads.service.contents import MAX_MEGAPIXELS
from lk_graphql.uploads.service.formats import FORMATS, Allowance
from lk_graphql.uploads.service.links import CONTENT, PREVIEW, url_of

choices(
    models.UploadKind,
    "What can be uploaded; the content decides, whatever the name says.",
    PDF="A document or a scan.",
    JPEG="A photo; of several pictures in one file (MPO) the first.",
    PNG="A picture.",
    HEIC="A photo of an iPhone; it has no preview.",
    DOCX="A text document, without macros, embedded objects and linked parts.",
    XLSX="A table, without macros, embedded objects and linked parts.",
    CSV="Rows of the billing system; only staff upload it.",
    JSONL="The same as JSON, a line each; only staff upload it.",
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
    "How far a file is.",
    AWAITED="Nothing has come yet: PUT the bytes to the URL of `uploadCreate`.",
    RECEIVING="The bytes are on their way.",
    SCANNING="In quarantine, until it was scanned for viruses.",
    READY="Other mutations take its id, once.",
    REFUSED="See `refusal`; upload another one.",
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
    "Why a file was refused. Codes never change.",
    CONTENT_MISMATCH="The content is damaged, or in a format that isn't taken; see `message`.",
    CONTENT_UNSAFE="A bomb, macros, linked parts, or two formats in one file; see `message`.",
    FILE_NAME_INVALID="There is no name, or no extension.",
    KIND_UNSUPPORTED="Not one of `publicSettings.uploads.kinds`.",
    QUOTA_EXCEEDED="Too many files or bytes for one day.",
    SIZE_INVALID="Empty or too large; see `publicSettings.uploads`.",
    SIZE_MISMATCH="More or fewer bytes came than `size` said.",
    TOO_SLOW="The bytes did not come in time; the same URL can be tried again.",
    UPLOAD_NOT_FOUND="The URL has expired, was used, or was never ours.",
    VIRUS_FOUND="The scanner found a virus.",
)


def download_url(
    id: UUID,
    state: models.UploadState,
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if state != models.UploadState.READY:
        return None
    return url_of(CONTENT, id, session, now=now, company=company, links=links)


def preview_url(  # noqa: PLR0913, PLR0917 - columns and resolver dependencies
    id: UUID,
    state: models.UploadState,
    has_preview: bool,  # noqa: FBT001 - a column
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if state != models.UploadState.READY or not has_preview:
        return None
    return url_of(PREVIEW, id, session, now=now, company=company, links=links)


def refusal_message(refusal: str | None, language: Language) -> str | None:
    return None if refusal is None else REFUSED[UploadErrorCode(refusal)]().text(language)


@reads(models.Upload, prefix="upl", owned_through="user")
class Upload(Node):
    """A file of yours; nobody else's login sees it, whatever accounts you share."""

    file_name: str = column(
        "What it is called, cleaned of paths and tricks; READY with the extension of its content.",
        of="name",
    )
    kind: models.UploadKind = column("What it is: by its name, and by its content once READY.")
    size: int = column("Its length in bytes; READY that of what is kept, without metadata.")
    state: models.UploadState = column("How far it is.")
    refusal: UploadErrorCode | None = column("Why it was refused; null unless it was.")
    refusal_message: str | None = derived(
        "The same in words, and what to do; null unless it was refused.", refusal_message
    )
    sha256: str | None = column("The SHA-256 of what is kept, in hex; null until READY.")
    created_at: datetime = column("When it was announced.")
    expires_at: datetime = column("When it is forgotten, unless something was made of it.")
    download_url: Url | None = derived(
        "Where to get it, for ten minutes and as long as this session lasts; null until it is"
        " READY. Pictures are kept without metadata (place, camera, time) and without what stood"
        " behind their end.",
        download_url,
    )
    preview_url: Url | None = derived(
        "A small JPEG of a picture, likewise; null where there is none.", preview_url
    )


@object_type
class UploadForm:
    """A kind of file that is taken."""

    kind: UploadKind = strawberry.field(description="The kind.")
    content_type: str = strawberry.field(description="Its media type, for `contentType`.")
    extensions: list[str] = strawberry.field(description="What its name ends with.")
    most_megapixels: int | None = strawberry.field(
        description="How many million pixels a picture may have; null for what is no picture, and "
        "for pictures that aren't decoded."
    )


@object_type
class UploadRules:
    """What can be uploaded («загрузка документов»)."""

    kinds: list[UploadForm] = strawberry.field(description="What is taken.")
    largest_bytes: int = strawberry.field(description="The most bytes of a file.")
    files_per_day: int = strawberry.field(description="How many files one person may announce.")
    bytes_per_day: int = strawberry.field(description="And how many bytes they may have together.")
    kept_seconds: int = strawberry.field(
        description="How long a file waits to be used; then it is forgotten."
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
