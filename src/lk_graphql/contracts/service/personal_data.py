"""Personal data of contract applications.

The contract that results from an approved application belongs to billing and stays.
"""

from datetime import datetime
from uuid import UUID

from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationState,
    ContractDocumentKind,
    ObjectKind,
    StepKind,
)
from lk_graphql.profile.service.personal_data import DataEraser, DataListing, PersonalData

_APPLICATIONS = """
SELECT application.id, json_build_object(
    'number', number, 'state', state, 'reason', reason, 'createdAt', created_at,
    'submittedAt', submitted_at,
    'objects', (SELECT coalesce(json_agg(json_build_object('address', address, 'fiasId', fias_id,
        'kind', kind, 'powerKw', power_kw, 'purpose', purpose) ORDER BY position), '[]')
        FROM contract_object AS object WHERE object.application_id = application.id),
    'documents', (SELECT coalesce(json_agg(json_build_object('kind', document.kind,
        'fileName', upload.name, 'attachedAt', attached_at) ORDER BY document.id), '[]')
        FROM contract_document AS document JOIN upload ON upload.id = document.upload_id
        WHERE document.application_id = application.id),
    'timeline', (SELECT coalesce(json_agg(json_build_object('step', kind, 'text', text,
        'happenedAt', happened_at) ORDER BY happened_at, id), '[]')
        FROM contract_event AS event WHERE event.application_id = application.id))
FROM contract_application AS application WHERE user_id = $1
"""


async def erase_applications(user_id: UUID, _: datetime) -> int:
    """Delete the user's applications; their documents are erased with the uploads.

    A trigger permits deletion of timeline steps only after the user row is anonymized.
    """
    await ApplicationDocument.filter(application__user_id=user_id).delete()
    await ApplicationEvent.filter(application__user_id=user_id).delete()
    return await Application.filter(user_id=user_id).delete()


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing(
            "contract-applications",
            "Заявки на договор",
            _APPLICATIONS,
            {
                "state": ApplicationState,
                "objects.kind": ObjectKind,
                "documents.kind": ContractDocumentKind,
                "timeline.step": StepKind,
            },
        ),
    ),
    erasers=(DataEraser("contract_application", erase_applications),),
)
