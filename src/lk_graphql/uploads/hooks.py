"""Registrations of the uploads slice."""

from lk_graphql.profile.service.personal_data import REGISTRY
from lk_graphql.uploads.service.personal_data import PERSONAL_DATA


def register() -> None:
    REGISTRY.register("uploads", PERSONAL_DATA)
