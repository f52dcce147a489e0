"""Registrations of the profile slice."""

from lk_graphql.profile.service.personal_data import PERSONAL_DATA, REGISTRY


def register() -> None:
    REGISTRY.register("profile", PERSONAL_DATA)
