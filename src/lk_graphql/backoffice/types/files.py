"""Files of threads as staff see them; every look at a customer's is noted."""

from datetime import datetime
from uuid import UUID

from lk_graphql.backoffice.service.files import CONTENT, PREVIEW
from lk_graphql.kit.company import Company
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Role
from lk_graphql.reads.declare import StaffOnly, column, derived, reads
from lk_graphql.uploads import models
from lk_graphql.uploads.service.links import url_of


def download_url(
    id: UUID, staff: UUID | None, now: datetime, company: Company, links: Links
) -> str | None:
    return url_of(CONTENT, id, staff, now=now, company=company, links=links)


def preview_url(
    id: UUID,
    has_preview: bool,  # noqa: FBT001 - a column
    staff: UUID | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if not has_preview:
        return None
    return url_of(PREVIEW, id, staff, now=now, company=company, links=links)


@reads(models.Upload, owned_through=StaffOnly(Role.CLERK), looks_at="user")
class StaffFile:
    """A file that a customer has sent with something, or that staff have answered with."""

    file_name: str = column("What it is called.", of="name")
    kind: models.UploadKind = column("What it is.")
    size: int = column("Its length in bytes.")
    created_at: datetime = column("When it was announced.")
    download_url: str | None = derived(
        "Where to get it, for ten minutes and while you are signed in.", download_url
    )
    preview_url: str | None = derived(
        "A small JPEG of a picture, likewise; null where there is none.", preview_url
    )
