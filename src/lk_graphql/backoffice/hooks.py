"""Registrations of the back office and of staff: sessions, download kinds, personal data."""

from lk_graphql.backoffice.service.files import CONTENT, PREVIEW
from lk_graphql.identity.service.sessions import TOKEN_OWNERS, TokenOwner
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES
from lk_graphql.staff.service.personal_data import PERSONAL_DATA
from lk_graphql.staff.service.sessions import end_by_tokens, end_of_token
from lk_graphql.uploads.service.links import DOWNLOAD_KINDS


def register() -> None:
    TOKEN_OWNERS.register("staff", TokenOwner(end_by_tokens, end_of_token))
    for kind in (CONTENT, PREVIEW):
        DOWNLOAD_KINDS.register(kind.route.folder, kind)
    PERSONAL_DATA_SOURCES.register("backoffice", PERSONAL_DATA)
