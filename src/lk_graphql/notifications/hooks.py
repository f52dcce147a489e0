"""Registrations: notices of links, the end of SMS with their consent, personal data."""

from lk_graphql.accounts.service.audit import LINK_LISTENERS
from lk_graphql.identity.models import DocumentKind
from lk_graphql.notifications.service.notices import notify_of_link_event
from lk_graphql.notifications.service.personal_data import PERSONAL_DATA
from lk_graphql.notifications.service.settings import stop_sms
from lk_graphql.profile.service.consent_withdrawal import CONSENT_END_ACTIONS
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    LINK_LISTENERS.register("notifications", notify_of_link_event)
    CONSENT_END_ACTIONS.register(DocumentKind.SMS, stop_sms)
    PERSONAL_DATA_SOURCES.register("notifications", PERSONAL_DATA)
