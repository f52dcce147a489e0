"""The subject of a notice, and the personal data that payments keep."""

from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import ABOUT
from lk_graphql.payments.service.dossier import DOSSIER
from lk_graphql.profile.service.dossiers import KNOWN


def register() -> None:
    ABOUT.register(NoticeKind.PAYMENT_RECEIVED, "pay")
    KNOWN.register("payments", DOSSIER)
