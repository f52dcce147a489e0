"""Registrations of the uploads slice."""

from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES
from lk_graphql.uploads.service.personal_data import PERSONAL_DATA


def register() -> None:
    PERSONAL_DATA_SOURCES.register("uploads", PERSONAL_DATA)
