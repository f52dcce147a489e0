"""Registration of the personal data in account links."""

from lk_graphql.accounts.service.personal_data import PERSONAL_DATA
from lk_graphql.profile.service.personal_data import REGISTRY


def register() -> None:
    REGISTRY.register("accounts", PERSONAL_DATA)
