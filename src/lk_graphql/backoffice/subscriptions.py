"""Root subscriptions of staff."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.backoffice.types.exchange import StaffExportRun, StaffImportRun
from lk_graphql.exchange.service.exports import EXPORT_RUN, export_is_running
from lk_graphql.exchange.service.runs import IMPORT_RUN, import_is_running
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.types import extends

ImportId = Annotated[strawberry.ID, strawberry.argument(description="The id of the import.")]
ExportId = Annotated[strawberry.ID, strawberry.argument(description="The id of the export.")]


@extends(Subscription)
class StaffExchangeSubscription:
    """Progress of imports and exports."""

    @subscription(access=Access.CLERK)
    async def staff_import_run_changed(
        self, info: Info, import_run_id: ImportId
    ) -> AsyncGenerator[StaffImportRun | None, None]:
        """The state of an import, then each second of its progress, up to its end.

        Null, and the end of the stream, if there is no such import.
        """
        ctx, key = info.context, key_of(import_run_id, "imp") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(IMPORT_RUN, key):
            # read before the row, so that the last event shows the end
            is_running = await import_is_running(key)
            yield ctx.rows.by_key(StaffImportRun, key)
            if not is_running:
                return

    @subscription(access=Access.CLERK)
    async def staff_export_run_changed(
        self, info: Info, export_run_id: ExportId
    ) -> AsyncGenerator[StaffExportRun | None, None]:
        """The state of an export, and again when it is written.

        Null, and the end of the stream, if there is no such export.
        """
        ctx, key = info.context, key_of(export_run_id, "exp") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(EXPORT_RUN, key):
            is_running = await export_is_running(key)
            yield ctx.rows.by_key(StaffExportRun, key)
            if not is_running:
                return
