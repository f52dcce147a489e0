"""Staff have files of the billing system imported and exported."""

import strawberry

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.service import exchange
from lk_graphql.backoffice.types import exchange as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.imports import StaffExportRun, StaffImportRun
from lk_graphql.exchange.errors import ExchangeErrorCode as Code
from lk_graphql.kit.ids import to_public
from lk_graphql.reads.declare import extends
from lk_graphql.uploads.mutations import ANNOUNCING, announced
from lk_graphql.uploads.service.announcing import Uploader
from lk_graphql.uploads.service.kinds import TABLES


@extends(Mutation)
class StaffExchangeMutation:
    """Staff import and export."""

    @mutation(access=Access.SUPERVISOR, codes=ANNOUNCING)
    async def staff_upload_create(
        self, info: Info, input: Input[types.StaffUploadCreateInput]
    ) -> types.StaffUploadCreatePayload:
        """Announce a file to import, and get the URL to PUT its bytes to.

        `staff.uploads` shows how far it is, and why it was refused.
        """
        ctx = info.context
        who = Uploader(staff_id=ctx.staff.id)
        key, url = await announced(ctx, who, input.unpacked(), allowance=TABLES)
        return types.StaffUploadCreatePayload(
            upload_id=strawberry.ID(to_public("upl", key)), url=url
        )

    @mutation(
        access=Access.SUPERVISOR,
        codes=[
            Code.UPLOADS_INVALID,
            Code.UPLOAD_UNUSABLE,
            Code.LOADED_ALREADY,
            Code.MOMENT_INVALID,
            Code.CONTROL_INVALID,
        ],
    )
    async def staff_import_start(
        self, info: Info, input: Input[types.StaffImportStartInput]
    ) -> types.StaffImportStartPayload:
        """Have uploaded files imported («загрузить»); `staffImportRunChanged` shows how it goes.

        It is done in the background, all of it or nothing, and begins again if the server stops.
        """
        ctx = info.context
        key = await exchange.start_import(doing(ctx), input.unpacked(), company=ctx.company)
        return types.StaffImportStartPayload(import_run=ctx.rows.by_key(StaffImportRun, key))

    @mutation(access=Access.SUPERVISOR, codes=[Code.MOMENT_INVALID])
    async def staff_export_start(
        self, info: Info, input: Input[types.StaffExportStartInput]
    ) -> types.StaffExportStartPayload:
        """Have what customers have sent written for the billing system («выгрузить»).

        What billing hasn't answered comes again with every export.
        """
        ctx = info.context
        key = await exchange.start_export(doing(ctx), input.unpacked())
        return types.StaffExportStartPayload(export_run=ctx.rows.by_key(StaffExportRun, key))
