"""The submission window of readings, and its rules, as GraphQL types."""

from datetime import date

import strawberry

from lk_graphql.accounts.models import Account as AccountModel
from lk_graphql.api.graphql_types import object_type
from lk_graphql.metering.models import LatePolicy
from lk_graphql.metering.service import rules
from lk_graphql.metering.service.rules import Closed, WindowRuleTerms
from lk_graphql.planner.declare.scalars import Period
from lk_graphql.planner.types import choices, expression, labels, reads

choices(
    LatePolicy,
    "What becomes of a reading that comes after the last day.",
    NEXT_PERIOD="It counts for the next month.",
    REFUSED="It is refused until the next window opens.",
)
labels(
    LatePolicy,
    NEXT_PERIOD=("Учитывается в следующем месяце", "Counts for the next month"),
    REFUSED=("Не принимается", "Refused"),
)
choices(
    Closed,
    "Why no reading is taken today.",
    ACCOUNT_CLOSED="The contract has ended.",
    NO_METER="No meter is in use.",
    METERS_REPORT_THEMSELVES="Its meters send their readings themselves («АСКУЭ»).",
    NOT_ANNOUNCED="The supplier hasn't said when readings are taken.",
    NOT_YET_OPEN="This month's window comes; see `opensOn`.",
    ENDED="This month's window is over; `opensOn` is the next one's.",
)
labels(
    Closed,
    ACCOUNT_CLOSED=("Договор завершён", "The contract has ended"),
    NO_METER=("Нет прибора учёта", "No meter in use"),
    METERS_REPORT_THEMSELVES=(
        "Прибор передаёт показания сам",
        "The meter sends its readings itself",
    ),
    NOT_ANNOUNCED=("Срок приёма не объявлен", "No days are announced"),
    NOT_YET_OPEN=("Приём ещё не начался", "Not open yet"),
    ENDED=("Приём завершён", "Over for this month"),
)

_CLOSED = f"""
CASE WHEN {{closed_on}} < {{today}} THEN 'ACCOUNT_CLOSED'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {{id}} AND removed_on IS NULL)
     THEN 'NO_METER'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {{id}} AND removed_on IS NULL
       AND NOT reports_itself)
     THEN 'METERS_REPORT_THEMSELVES'
     ELSE coalesce({rules.account_window_sql(rules.WINDOW_STATE_SQL)}, 'NOT_ANNOUNCED') END"""  # noqa: S608 - constants


@reads(AccountModel)
class ReadingWindow:
    """The days on which readings are taken («период приёма показаний»).

    It is the window of this month, and after its end that of the next.
    """

    period: Period | None = expression(
        "The month for which a reading counts that is taken today, or when it opens.",
        sql=rules.account_window_sql("period"),
    )
    opens_on: date | None = expression("Its first day.", sql=rules.account_window_sql("opens_on"))
    closes_on: date | None = expression("Its last day.", sql=rules.account_window_sql("closes_on"))
    is_open: bool = expression("Whether readings are taken today.", sql=f"({_CLOSED}) = 'OPEN'")
    is_late: bool = expression(
        "Whether this month's window is over, and what comes now counts for the next month.",
        sql=f"coalesce({rules.account_window_sql('is_late')}, false)",
    )
    open_until: date | None = expression(
        "The last day on which readings are taken without a break; null while closed. Late "
        "readings are taken until the month ends, and again from `opensOn` to `closesOn`.",
        sql=f"CASE WHEN ({_CLOSED}) = 'OPEN' THEN {rules.window_sql(rules.OPEN_UNTIL_SQL)} END",
    )
    days_left: int = expression(
        "On how many days readings are still taken for `period`, today included; 0 while closed.",
        sql=f"CASE WHEN ({_CLOSED}) = 'OPEN'"
        f" THEN {rules.account_window_sql(rules.DAYS_LEFT_SQL)} ELSE 0 END",
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


def reading_rules(terms: WindowRuleTerms) -> ReadingRules:
    return ReadingRules(
        first_day=terms.first_day,
        last_day=terms.last_day,
        late_policy=terms.late_policy,
        offline_days=terms.offline_days,
    )
