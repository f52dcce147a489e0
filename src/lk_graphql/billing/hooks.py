"""Proof by bills, prices for metering, days of the calendar, subjects of notices, personal data."""

from lk_graphql.accounts.service.claim import Factor
from lk_graphql.accounts.service.proof import EVIDENCE
from lk_graphql.billing.service.billed import BILLED_THROUGH
from lk_graphql.billing.service.calendar import days_to_pay
from lk_graphql.billing.service.dossier import DOSSIER
from lk_graphql.billing.service.quotes import quote
from lk_graphql.billing.service.recent_totals import recent_totals
from lk_graphql.metering.service.billing_side import BILLING
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.notifications.service.telling import ABOUT
from lk_graphql.profile.service.dossiers import KNOWN


def register() -> None:
    EVIDENCE.register(Factor.BILL_TOTAL, recent_totals)
    BILLING.register(billed_through=BILLED_THROUGH, quote=quote)
    ABOUT.register(NoticeKind.INVOICE_ISSUED, "inv")
    ABOUT.register(NoticeKind.PAYMENT_DUE, "inv")
    ABOUT.register(NoticeKind.PAYMENT_OVERDUE, "inv")
    SOURCES.register("billing", days_to_pay)
    KNOWN.register("billing", DOSSIER)
