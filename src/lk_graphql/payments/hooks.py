"""Registrations: the subject of a notice, and personal data."""

from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.payments.service.personal_data import PERSONAL_DATA
from lk_graphql.profile.service.personal_data import REGISTRY


def register() -> None:
    ABOUT.register(NoticeKind.PAYMENT_RECEIVED, "pay")
    REGISTRY.register("payments", PERSONAL_DATA)
