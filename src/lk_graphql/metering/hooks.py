"""Registers proof by readings, calendar events, subjects of notices and personal data."""

from lk_graphql.accounts.service.claim_parsing import ProofKind
from lk_graphql.accounts.service.verification import EVIDENCE, EvidenceSource
from lk_graphql.metering.service.notifications import accepted_lines, days_of_meters
from lk_graphql.metering.service.personal_data import PERSONAL_DATA
from lk_graphql.metering.service.snapshot_loader import last_readings
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import CALENDAR_SOURCES
from lk_graphql.notifications.service.mail_lines import MAIL_LINES
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


def register() -> None:
    EVIDENCE.register("metering", EvidenceSource(ProofKind.LAST_READING, last_readings))
    SUBJECT_PREFIXES.register(NoticeKind.READINGS_ACCEPTED, "acc")
    SUBJECT_PREFIXES.register(NoticeKind.READING_REJECTED, "rdg")
    SUBJECT_PREFIXES.register(NoticeKind.VERIFICATION_DUE, "mtr")
    MAIL_LINES.register(NoticeKind.READINGS_ACCEPTED, accepted_lines)
    CALENDAR_SOURCES.register("metering", days_of_meters)
    PERSONAL_DATA_SOURCES.register("metering", PERSONAL_DATA)
