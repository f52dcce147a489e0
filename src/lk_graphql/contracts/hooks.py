"""Registrations of contracts: notice subjects and personal data."""

from lk_graphql.contracts.service.personal_data import PERSONAL_DATA
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.profile.service.personal_data import REGISTRY


def register() -> None:
    ABOUT.register(NoticeKind.APPLICATION_CHANGED, "cap")
    ABOUT.register(NoticeKind.APPLICATION_QUESTION, "cap")
    ABOUT.register(NoticeKind.APPLICATION_DECIDED, "cap")
    REGISTRY.register("contracts", PERSONAL_DATA)
