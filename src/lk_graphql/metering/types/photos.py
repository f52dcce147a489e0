"""Links to the photos of readings: the reading is the account's, its photo its sender's alone."""

from datetime import datetime
from uuid import UUID

from lk_graphql.kit.company import Company
from lk_graphql.kit.tokens import Links
from lk_graphql.uploads.service.links import CONTENT, PREVIEW, url_of


def url(
    photo_id: UUID | None,
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if photo_id is None or viewer != submitted_by_id:
        return None
    return url_of(CONTENT, photo_id, viewer, now=now, company=company, links=links)


def preview_url(  # noqa: PLR0913, PLR0917 - columns, and what the app lends
    photo_id: UUID | None,
    photo__has_preview: bool | None,  # noqa: FBT001 - a column
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if photo_id is None or not photo__has_preview or viewer != submitted_by_id:
        return None
    return url_of(PREVIEW, photo_id, viewer, now=now, company=company, links=links)
