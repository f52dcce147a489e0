"""The personal data that accounts keep."""

from lk_graphql.accounts.service.personal_data import DOSSIER
from lk_graphql.profile.service.personal_data import KNOWN


def register() -> None:
    KNOWN.register("accounts", DOSSIER)
