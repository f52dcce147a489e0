"""Files of a thread, as its customer sees them."""

from datetime import datetime
from uuid import UUID

from lk_graphql.appeals import models
from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW
from lk_graphql.kit.company import Company
from lk_graphql.kit.tokens import Links
from lk_graphql.reads.declare import column, derived, reads
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.links import url_of


def download_url(
    upload_id: UUID, viewer: UUID | None, now: datetime, company: Company, links: Links
) -> str | None:
    return url_of(CONTENT, upload_id, viewer, now=now, company=company, links=links)


def preview_url(
    upload_id: UUID,
    upload__has_preview: bool,  # noqa: FBT001 - a column
    viewer: UUID | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if not upload__has_preview:
        return None
    return url_of(PREVIEW, upload_id, viewer, now=now, company=company, links=links)


@reads(models.AppealAttachment)
class AppealAttachment:
    """A file that came with a message («вложение»), yours or the supplier's."""

    file_name: str = column("What it is called.", of="upload__name")
    kind: UploadKind = column("What it is.", of="upload__kind")
    size: int = column("Its length in bytes.", of="upload__size")
    sha256: str | None = column("The SHA-256 of its bytes in hex.", of="upload__sha256")
    download_url: str | None = derived(
        "Where to get it, for ten minutes and for you only.", download_url
    )
    preview_url: str | None = derived(
        "A small JPEG of a picture, likewise; null where there is none.", preview_url
    )
