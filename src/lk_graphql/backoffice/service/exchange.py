"""Staff have files imported and exported: the exchange's own rules, with the act in the log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.exchange.service.ordering import (
    WantedExport,
    WantedImport,
    order_export,
    order_import,
)
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Client, Staff


@dataclass(frozen=True)
class Doing:
    """Who asks, from where and when."""

    staff: Staff
    client: Client
    now: datetime


async def start_import(doing: Doing, wanted: WantedImport, *, company: Company) -> UUID:
    """The run's key. Raises as `ordering.order_import`."""
    async with in_transaction():
        run = await order_import(doing.staff, wanted, company=company, now=doing.now)
        await _note(Act.IMPORT_STARTED, Subject("import_run", run.id), doing)
    return run.id


async def start_export(doing: Doing, wanted: WantedExport) -> UUID:
    """The run's key. Raises as `ordering.order_export`."""
    async with in_transaction():
        run = await order_export(doing.staff, wanted, now=doing.now)
        await _note(Act.EXPORT_STARTED, Subject("export_run", run.id), doing)
    return run.id


async def note_download(subject: Subject, doing: Doing) -> None:
    await _note(Act.FILE_FETCHED, subject, doing)


async def _note(act: Act, subject: Subject, doing: Doing) -> None:
    await audit.record(act, subject, by=doing.staff.id, client=doing.client, now=doing.now)
