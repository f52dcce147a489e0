"""What metering adds to accounts: the fields, and what proves one when it is linked."""

from lk_graphql.accounts.edges import EVIDENCE
from lk_graphql.accounts.service.claim import Factor
from lk_graphql.accounts.types.objects import Account
from lk_graphql.metering.service.last_readings import last_readings
from lk_graphql.metering.types import Meter
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.types.objects import ABOUT
from lk_graphql.reads.declare import extends, related

EVIDENCE[Factor.LAST_READING] = last_readings
ABOUT[NoticeKind.VERIFICATION_DUE] = "mtr"


@extends(Account)
class AccountMeters:
    """What counts its energy."""

    meters: list[Meter] = related(
        "All meters that were ever installed, those in use among them («приборы учёта»).",
        order_by="serial",
    )
