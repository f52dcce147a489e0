"""Registration of the personal data in account links."""

from lk_graphql.accounts.service.personal_data import PERSONAL_DATA
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    PERSONAL_DATA_SOURCES.register("accounts", PERSONAL_DATA)
