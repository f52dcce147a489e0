"""Wishes to be forgotten and exports, declared over the models."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.kit.company import Company
from lk_graphql.kit.tokens import Links
from lk_graphql.profile import models
from lk_graphql.profile.service.export_links import export_path
from lk_graphql.reads.declare import column, derived, reads


@reads(models.ErasureRequest)
class ErasureRequest:
    """A withdrawn consent, after which everything that names you is destroyed («отзыв согласия»).

    Bills and payments stay, and name nobody any more; the contract for energy goes on.
    """

    state: models.ErasureState = column("What became of it.")
    requested_at: datetime = column("When you asked.")
    starts_at: datetime = column("When it is done, unless you take it back before.")
    due_on: date = column("By when the law wants it done.")
    closed_at: datetime | None = column("When it was done or taken back.")


def download_url(
    id: UUID,
    state: models.PersonalDataExportState,
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Links,
) -> str | None:
    if state is not models.PersonalDataExportState.READY or session is None:
        return None
    return company.public_url + export_path(id, session, now=now, links=links)


@reads(models.PersonalDataExport)
class PersonalDataExport:
    """All that is kept of you, as a ZIP of JSON, your files and your receipts («выгрузка»)."""

    state: models.PersonalDataExportState = column("How far it is.")
    requested_at: datetime = column("When you asked.")
    made_at: datetime | None = column("When it was made; null until then.")
    expires_at: datetime = column("When the archive is deleted; while it waits, made by when.")
    download_url: str | None = derived(
        "Where to get it, for ten minutes, with the session that asked for this address: as a "
        "cookie or in `Authorization`. Null unless it is READY.",
        download_url,
    )
