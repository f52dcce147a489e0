"""Root subscriptions of uploads."""

from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Subscription, subscription
from lk_graphql.identity.service.users import USER
from lk_graphql.kit.ids import NO_KEY, key_of
from lk_graphql.planner.types import extends
from lk_graphql.uploads.types import Upload

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of the upload.")]


@extends(Subscription)
class UploadsSubscription:
    """Changes of an upload."""

    @subscription(access=Access.CUSTOMER)
    async def upload_changed(
        self, info: Info, upload_id: Id
    ) -> AsyncGenerator[Upload | None, None]:
        """A file of the customer, and again after each step: received, checked, refused, used.

        Null, followed by the end, if it isn't the customer's or has been deleted.
        """
        ctx, key = info.context, key_of(upload_id, "upl") or NO_KEY
        async for _ in ctx.ports.pubsub.changes(USER, ctx.viewer.id):
            yield ctx.rows.by_key(Upload, key)
