"""Notices of links, the end of SMS with its consent, and the personal data of notices."""

from lk_graphql.accounts.service.trail import HEARERS
from lk_graphql.identity.models import DocumentKind
from lk_graphql.notifications.service.dossier import DOSSIER
from lk_graphql.notifications.service.links import hear
from lk_graphql.notifications.service.settings import stop_sms
from lk_graphql.profile.service.dossiers import KNOWN
from lk_graphql.profile.service.withdrawing import ENDING


def register() -> None:
    HEARERS.register("notifications", hear)
    ENDING.register(DocumentKind.SMS, stop_sms)
    KNOWN.register("notifications", DOSSIER)
