"""Registers proof by readings, calendar events, subjects of notices and personal data."""

from lk_graphql.accounts.service.claim_parsing import Factor
from lk_graphql.accounts.service.verification import EVIDENCE, EvidenceSource
from lk_graphql.metering.service.notifications import accepted_lines, days_of_meters
from lk_graphql.metering.service.personal_data import PERSONAL_DATA
from lk_graphql.metering.service.snapshot_loader import last_readings
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.notifications.service.mail_lines import LINES
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.profile.service.personal_data import REGISTRY


def register() -> None:
    EVIDENCE.register("metering", EvidenceSource(Factor.LAST_READING, last_readings))
    ABOUT.register(NoticeKind.READINGS_ACCEPTED, "acc")
    ABOUT.register(NoticeKind.READING_REJECTED, "rdg")
    ABOUT.register(NoticeKind.VERIFICATION_DUE, "mtr")
    LINES.register(NoticeKind.READINGS_ACCEPTED, accepted_lines)
    SOURCES.register("metering", days_of_meters)
    REGISTRY.register("metering", PERSONAL_DATA)
