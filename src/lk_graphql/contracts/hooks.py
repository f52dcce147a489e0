"""Registrations of contracts: notice subjects and personal data."""

from lk_graphql.contracts.service.personal_data import PERSONAL_DATA
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    SUBJECT_PREFIXES.register(NoticeKind.APPLICATION_CHANGED, "cap")
    SUBJECT_PREFIXES.register(NoticeKind.APPLICATION_QUESTION, "cap")
    SUBJECT_PREFIXES.register(NoticeKind.APPLICATION_DECIDED, "cap")
    PERSONAL_DATA_SOURCES.register("contracts", PERSONAL_DATA)
