"""Notices of links, the end of SMS with its consent, and the personal data of notices."""

from lk_graphql.accounts.service.audit import HEARERS
from lk_graphql.identity.models import DocumentKind
from lk_graphql.notifications.service.notices import hear
from lk_graphql.notifications.service.personal_data import DOSSIER
from lk_graphql.notifications.service.settings import stop_sms
from lk_graphql.profile.service.consents import ENDING
from lk_graphql.profile.service.personal_data import KNOWN


def register() -> None:
    HEARERS.register("notifications", hear)
    ENDING.register(DocumentKind.SMS, stop_sms)
    KNOWN.register("notifications", DOSSIER)
