"""The personal data that uploads keep."""

from lk_graphql.profile.service.personal_data import KNOWN
from lk_graphql.uploads.service.personal_data import DOSSIER


def register() -> None:
    KNOWN.register("uploads", DOSSIER)
