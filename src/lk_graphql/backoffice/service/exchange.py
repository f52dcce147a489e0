"""Staff have files imported and exported: the exchange's own rules, with the act in the log."""

from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service.acts import Doing, note
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.exchange.service.ordering import (
    WantedExport,
    WantedImport,
    order_export,
    order_import,
)
from lk_graphql.kit.company import Company


async def start_import(doing: Doing, wanted: WantedImport, *, company: Company) -> UUID:
    """The run's key. Raises as `ordering.order_import`."""
    async with in_transaction():
        run = await order_import(doing.staff, wanted, company=company, now=doing.now)
        await note(Act.IMPORT_STARTED, Subject("import_run", run.id), doing)
    return run.id


async def start_export(doing: Doing, wanted: WantedExport) -> UUID:
    """The run's key. Raises as `ordering.order_export`."""
    async with in_transaction():
        run = await order_export(doing.staff, wanted, now=doing.now)
        await note(Act.EXPORT_STARTED, Subject("export_run", run.id), doing)
    return run.id
