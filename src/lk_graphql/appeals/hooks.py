"""Registrations of appeals: notice subject, download kinds, personal data."""

from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW
from lk_graphql.appeals.service.personal_data import PERSONAL_DATA
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.profile.service.personal_data import REGISTRY
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS


def register() -> None:
    ABOUT.register(NoticeKind.APPEAL_ANSWERED, "apl")
    for kind in (CONTENT, PREVIEW):
        DOWNLOAD_KINDS.register(kind.route.folder, kind)
    REGISTRY.register("appeals", PERSONAL_DATA)
