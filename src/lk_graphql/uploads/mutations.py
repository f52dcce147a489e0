"""Root mutations of uploads."""

from uuid import UUID

from lk_graphql.api.context import Context, Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import extends
from lk_graphql.uploads.errors import UploadErrorCode as Code
from lk_graphql.uploads.service.creation import (
    UploadDeclaration,
    Uploader,
    create,
    customer_allowance,
)
from lk_graphql.uploads.service.formats import Allowance
from lk_graphql.uploads.types import Upload, UploadCreateInput, UploadCreatePayload

CREATE_CODES = (
    Code.FILE_NAME_INVALID,
    Code.KIND_UNSUPPORTED,
    Code.SIZE_INVALID,
    Code.QUOTA_EXCEEDED,
)
"""Codes that `create_upload` may refuse with."""


async def create_upload(
    ctx: Context, uploader: Uploader, declaration: UploadDeclaration, *, allowance: Allowance
) -> tuple[UUID, str]:
    """Create an upload; return its key and the one-time URL to PUT its bytes to."""
    key, token = await create(
        uploader, declaration, signer=ctx.ports.signer, now=ctx.now, allowance=allowance
    )
    return key, f"{ctx.server_url or ctx.company.public_url}/uploads/{token}"


@extends(Mutation)
class UploadsMutation:
    """Creation of uploads; the bytes follow by PUT."""

    @mutation(access=Access.CUSTOMER, codes=CREATE_CODES)
    async def upload_create(
        self, info: Info, input: Input[UploadCreateInput]
    ) -> UploadCreatePayload:
        """Create an upload («загрузить документ»); the result has the URL to PUT its bytes to.

        From the state READY on, its owner can use the id once, in a mutation with files. The
        response to a refused PUT has `errors { code message path }` as its body.
        """
        ctx = info.context
        uploader = Uploader(user_id=ctx.viewer.id)
        key, url = await create_upload(
            ctx, uploader, input.to_command(), allowance=customer_allowance(ctx.ports)
        )
        return UploadCreatePayload(upload=ctx.rows.by_key(Upload, key), url=Url(url))
