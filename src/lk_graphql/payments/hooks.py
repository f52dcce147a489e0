"""Registrations: the subject of a notice, and personal data."""

from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.payments.service.personal_data import PERSONAL_DATA
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    SUBJECT_PREFIXES.register(NoticeKind.PAYMENT_RECEIVED, "pay")
    PERSONAL_DATA_SOURCES.register("payments", PERSONAL_DATA)
