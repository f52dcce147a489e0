"""Registrations of the back office: download kinds and personal data."""

from lk_graphql.backoffice.service.files import CONTENT, PREVIEW, verify
from lk_graphql.profile.service.personal_data import REGISTRY
from lk_graphql.staff.service.personal_data import PERSONAL_DATA
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS


def register() -> None:
    DOWNLOAD_KINDS.register(CONTENT, verify)
    DOWNLOAD_KINDS.register(PREVIEW, verify)
    REGISTRY.register("backoffice", PERSONAL_DATA)
