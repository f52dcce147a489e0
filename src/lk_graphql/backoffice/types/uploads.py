"""Files that staff are about to use: how far each is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from lk_graphql.api.shapes import object_type
from lk_graphql.kit.ids import to_public
from lk_graphql.uploads.errors import UploadErrorCode
from lk_graphql.uploads.models import UploadState


@object_type
class StaffUpload:
    """A file of yours that nothing was made of yet («загруженный файл»)."""

    id: strawberry.ID = strawberry.field(
        description="For `staffAppealAnswer` or `staffImportStart`, once it is READY."
    )
    file_name: str = strawberry.field(description="What it is called, cleaned of paths and tricks.")
    size: int = strawberry.field(description="Its length in bytes.")
    state: UploadState = strawberry.field(description="How far it is.")
    refusal: UploadErrorCode | None = strawberry.field(
        description="Why it was refused; null unless it was."
    )
    expires_at: datetime = strawberry.field(
        description="When it is forgotten, unless something was made of it."
    )


WAITING = """(SELECT coalesce(json_agg(json_build_array(waiting.id, waiting.name, waiting.size,
waiting.state, waiting.refusal, waiting.expires_at) ORDER BY waiting.created_at, waiting.id), '[]')
FROM upload AS waiting WHERE waiting.staff_id = {id} AND waiting.taken_at IS NULL
AND waiting.expires_at > {now})"""


def uploads(waiting: Sequence[Sequence[Any]]) -> list[StaffUpload]:
    """From what `WAITING` gives."""
    return [
        StaffUpload(
            id=strawberry.ID(to_public("upl", UUID(key))),
            file_name=name,
            size=size,
            state=UploadState(state),
            refusal=UploadErrorCode(refusal) if refusal else None,
            expires_at=datetime.fromisoformat(expires_at),
        )
        for key, name, size, state, refusal, expires_at in waiting
    ]
