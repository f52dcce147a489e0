"""Registrations of appeals: notice subject, download kinds, personal data."""

from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW
from lk_graphql.appeals.service.personal_data import PERSONAL_DATA
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS


def register() -> None:
    SUBJECT_PREFIXES.register(NoticeKind.APPEAL_ANSWERED, "apl")
    for kind in (CONTENT, PREVIEW):
        DOWNLOAD_KINDS.register(kind.route.folder, kind)
    PERSONAL_DATA_SOURCES.register("appeals", PERSONAL_DATA)
