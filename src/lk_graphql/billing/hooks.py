"""Registrations: evidence for account links, quotes, notices, the calendar, personal data."""

from lk_graphql.accounts.service.claim_parsing import ProofKind
from lk_graphql.accounts.service.verification import EVIDENCE, EvidenceSource
from lk_graphql.billing.service.invoices import (
    BILLED_THROUGH_SQL,
    ESTIMATED_BILLS_SQL,
    printed_readings,
    quote,
    recent_totals,
)
from lk_graphql.billing.service.notifications import bill_lines, days_to_pay
from lk_graphql.billing.service.personal_data import PERSONAL_DATA
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import CALENDAR_SOURCES
from lk_graphql.notifications.service.mail_lines import MAIL_LINES
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    EVIDENCE.register("bill totals", EvidenceSource(ProofKind.BILL_TOTAL, recent_totals))
    EVIDENCE.register("bill readings", EvidenceSource(ProofKind.LAST_READING, printed_readings))
    BILLING.register(
        billed_through=BILLED_THROUGH_SQL, estimated_bills=ESTIMATED_BILLS_SQL, quote=quote
    )
    SUBJECT_PREFIXES.register(NoticeKind.INVOICE_ISSUED, "inv")
    SUBJECT_PREFIXES.register(NoticeKind.PAYMENT_DUE, "inv")
    SUBJECT_PREFIXES.register(NoticeKind.PAYMENT_OVERDUE, "inv")
    MAIL_LINES.register(NoticeKind.INVOICE_ISSUED, bill_lines)
    CALENDAR_SOURCES.register("billing", days_to_pay)
    PERSONAL_DATA_SOURCES.register("billing", PERSONAL_DATA)
