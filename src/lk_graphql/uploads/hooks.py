"""The personal data that uploads keep."""

from lk_graphql.profile.service.dossiers import KNOWN
from lk_graphql.uploads.service.dossier import DOSSIER


def register() -> None:
    KNOWN.register("uploads", DOSSIER)
