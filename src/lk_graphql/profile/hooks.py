"""The personal data that profiles keep."""

from lk_graphql.profile.service.dossier import DOSSIER
from lk_graphql.profile.service.dossiers import KNOWN


def register() -> None:
    KNOWN.register("profile", DOSSIER)
