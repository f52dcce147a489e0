"""The personal data that accounts keep."""

from lk_graphql.accounts.service.dossier import DOSSIER
from lk_graphql.profile.service.dossiers import KNOWN


def register() -> None:
    KNOWN.register("accounts", DOSSIER)
