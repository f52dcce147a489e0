"""The personal data that profiles keep."""

from lk_graphql.profile.service.personal_data import DOSSIER, KNOWN


def register() -> None:
    KNOWN.register("profile", DOSSIER)
