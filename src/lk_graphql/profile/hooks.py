"""Registrations of the profile slice."""

from lk_graphql.profile.service.personal_data import PERSONAL_DATA, PERSONAL_DATA_SOURCES


def register() -> None:
    PERSONAL_DATA_SOURCES.register("profile", PERSONAL_DATA)
