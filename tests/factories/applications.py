"""Applications for a contract."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationObject,
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
)
from lk_graphql.contracts.service import applications
from lk_graphql.contracts.service.applications import DraftRef, ObjectDraft
from lk_graphql.kit.viewer import Viewer
from lk_graphql.uploads.models import Upload, UploadKind, UploadState
from tests.factories.accounts import NOW

HOUSE = ObjectDraft(
    "г. Новокузнецк, ул. Кирова, д. 12",
    "93409d8c-d8d4-4491-838f-f9aa1678b5e6",
    ObjectKind.HOUSE,
    Decimal(15),
    "Отопление и быт",
)


async def given_draft(viewer: Viewer, now: datetime = NOW, **changed: Any) -> Application:
    """A draft with everything that a submission requires; its files have no content."""
    application = await Application.create(
        user_id=viewer.id, state=ApplicationState.DRAFT, created_at=now, changed_at=now
    )
    values: dict[str, Any] = {
        "fias_id": HOUSE.fias_id,
        "address": HOUSE.address,
        "kind": HOUSE.kind,
    }
    values |= {"power_kw": HOUSE.power_kw, "purpose": HOUSE.purpose, **changed}
    await ApplicationObject.create(application=application, position=0, **values)
    for kind in (ContractDocumentKind.IDENTITY, ContractDocumentKind.OWNERSHIP):
        upload = await given_file(viewer, now, taken_at=now)
        await ApplicationDocument.create(
            application=application, upload=upload, kind=kind, attached_at=now
        )
    return application


async def given_submitted(
    viewer: Viewer, now: datetime = NOW, today: date | None = None, **changed: Any
) -> Application:
    """A submitted application."""
    draft = await given_draft(viewer, now, **changed)
    ref = DraftRef(draft.id, draft.version)
    await applications.submit(viewer, ref, now=now, today=today or now.date())
    return await Application.get(id=draft.id)


async def given_file(viewer: Viewer, now: datetime = NOW, **changed: Any) -> Upload:
    """A READY upload without content."""
    values: dict[str, Any] = {
        "name": "паспорт.pdf",
        "kind": UploadKind.PDF,
        "size": 3,
        "state": UploadState.READY,
        "sha256": "0" * 64,
        "nonce": bytes(32),
        "created_at": now,
        "expires_at": now + timedelta(days=365),
        "received_at": now,
    }
    return await Upload.create(user_id=viewer.id, **{**values, **changed})
