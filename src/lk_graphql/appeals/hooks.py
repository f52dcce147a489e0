"""The subject of a notice, downloads of attachments, and personal data."""

from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW, linked
from lk_graphql.appeals.service.personal_data import DOSSIER
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.profile.service.personal_data import KNOWN
from lk_graphql.uploads.service.links import WAYS


def register() -> None:
    ABOUT.register(NoticeKind.APPEAL_ANSWERED, "apl")
    WAYS.register(CONTENT, linked)
    WAYS.register(PREVIEW, linked)
    KNOWN.register("appeals", DOSSIER)
