"""When readings are taken, for one account and for everybody."""

from datetime import date

import strawberry

from lk_graphql.accounts.models import Account
from lk_graphql.api.shapes import object_type
from lk_graphql.metering.models import LatePolicy
from lk_graphql.metering.service import windows
from lk_graphql.metering.service.windows import Closed, WindowTerms
from lk_graphql.reads.declare import choices, expression, reads
from lk_graphql.reads.scalars import Period

choices(
    LatePolicy,
    "What becomes of a reading that comes after the last day.",
    NEXT_PERIOD="It counts for the next month.",
    REFUSED="It is refused until the next window opens.",
)
WindowClosedReason = choices(
    Closed,
    "Why no reading is taken today.",
    ACCOUNT_CLOSED="The contract has ended.",
    NO_METER="No meter is in use.",
    METERS_REPORT_THEMSELVES="Its meters send their readings themselves («АСКУЭ»).",
    NOT_ANNOUNCED="The supplier hasn't said when readings are taken.",
    NOT_YET_OPEN="This month's window comes; see `opensOn`.",
    ENDED="This month's window is over; `opensOn` is the next one's.",
)

_CLOSED = f"""
CASE WHEN {{closed_on}} <= {{today}} THEN 'ACCOUNT_CLOSED'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {{id}} AND removed_on IS NULL)
     THEN 'NO_METER'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {{id}} AND removed_on IS NULL
       AND NOT reports_itself)
     THEN 'METERS_REPORT_THEMSELVES'
     ELSE coalesce({windows.in_sql(windows.CLOSED)}, 'NOT_ANNOUNCED') END"""  # noqa: S608 - texts of our own


@reads(Account)
class ReadingWindow:
    """The days on which readings are taken («период приёма показаний»).

    It is the window of this month, and after its end that of the next.
    """

    period: Period | None = expression(
        "The month for which a reading counts that is taken today, or when it opens.",
        sql=windows.in_sql("period"),
    )
    opens_on: date | None = expression("Its first day.", sql=windows.in_sql("opens_on"))
    closes_on: date | None = expression("Its last day.", sql=windows.in_sql("closes_on"))
    is_open: bool = expression("Whether readings are taken today.", sql=f"({_CLOSED}) = 'OPEN'")
    is_late: bool = expression(
        "Whether this month's window is over, and what comes now counts for the next month.",
        sql=f"coalesce({windows.in_sql('is_late')}, false)",
    )
    days_left: int = expression(
        "How many days readings are still taken for `period`, today included; 0 while closed.",
        sql=f"CASE WHEN ({_CLOSED}) = 'OPEN' THEN {windows.in_sql(windows.DAYS_LEFT)} ELSE 0 END",
    )
    closed_because: Closed | None = expression(
        "Why no reading is taken today; null while it is open.",
        sql=f"nullif({_CLOSED}, 'OPEN')",
    )


@object_type
class ReadingRules:
    """When this supplier takes readings, as of this month."""

    first_day: int = strawberry.field(description="The day of the month on which it begins.")
    last_day: int = strawberry.field(description="The day of the month on which it ends.")
    late_policy: LatePolicy = strawberry.field(description="What becomes of late readings.")
    offline_days: int = strawberry.field(
        description="How many days later a reading may come that was taken offline, by `takenAt`."
    )


def reading_rules(terms: WindowTerms) -> ReadingRules:
    return ReadingRules(
        first_day=terms.first_day,
        last_day=terms.last_day,
        late_policy=terms.late_policy,
        offline_days=terms.offline_days,
    )
