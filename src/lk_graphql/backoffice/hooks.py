"""Downloads of files by staff, and the personal data that the back office keeps."""

from lk_graphql.backoffice.service.files import CONTENT, PREVIEW, linked
from lk_graphql.profile.service.personal_data import KNOWN
from lk_graphql.staff.service.personal_data import DOSSIER
from lk_graphql.uploads.service.links import WAYS


def register() -> None:
    WAYS.register(CONTENT, linked)
    WAYS.register(PREVIEW, linked)
    KNOWN.register("backoffice", DOSSIER)
