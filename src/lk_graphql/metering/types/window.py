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
    "The treatment of a reading after the last day.",
    NEXT_PERIOD="The reading counts for the next month.",
    REFUSED="The reading is refused until the next window opens.",
)
labels(
    LatePolicy,
    NEXT_PERIOD=("Учитывается в следующем месяце", "Counts for the next month"),
    REFUSED=("Не принимается", "Refused"),
)
choices(
    Closed,
    "The reason why no reading is accepted today.",
    ACCOUNT_CLOSED="The contract has ended.",
    NO_METER="No meter is in use.",
    METERS_REPORT_THEMSELVES="The meters transmit their readings themselves («АСКУЭ»).",
    NOT_ANNOUNCED="The supplier hasn't announced the submission window.",
    NOT_YET_OPEN="The days of this month are still ahead; see `opensOn`.",
    ENDED="The days of this month are over; `opensOn` is the next month's.",
)
labels(
    Closed,
    ACCOUNT_CLOSED=("Договор завершён", "The contract has ended"),
    NO_METER=("Нет прибора учёта", "No meter in use"),
    METERS_REPORT_THEMSELVES=(
        "Прибор передаёт показания сам",
        "The meter sends its readings itself",
    ),
    NOT_ANNOUNCED=("Срок приёма не объявлен", "Dates not announced"),
    NOT_YET_OPEN=("Приём ещё не начался", "Not open yet"),
    ENDED=("Приём завершён", "Closed for this month"),
)

_NEVER_SQL = """
CASE WHEN {closed_on} < {today} THEN 'ACCOUNT_CLOSED'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {id} AND removed_on IS NULL)
     THEN 'NO_METER'
     WHEN NOT EXISTS (SELECT FROM meter WHERE account_id = {id} AND removed_on IS NULL
       AND NOT reports_itself)
     THEN 'METERS_REPORT_THEMSELVES' END"""
_STATE_SQL = f"coalesce({_NEVER_SQL}, {rules.account_window_sql(rules.WINDOW_STATE_SQL)})"


def _value_sql(value: str) -> str:
    """SQL of a value of the window; null for an account that sends no readings."""
    return f"CASE WHEN ({_NEVER_SQL}) IS NULL THEN {rules.account_window_sql(value)} END"


@reads(AccountModel)
class ReadingWindow:
    """The uninterrupted days on which readings are accepted («период приёма показаний»).

    These are the days around today if readings are accepted today, and the next ones otherwise:
    `isOpen` is `opensOn <= today <= closesOn`. All are null if none are known, or for an account
    that sends no readings.
    """

    period: Period | None = expression(
        "The month for which a reading of these days counts; for an account that ends, at most "
        "the month of its last day.",
        sql=_value_sql("period"),
    )
    opens_on: date | None = expression("The first of these days.", sql=_value_sql("first_on"))
    closes_on: date | None = expression("The last of these days.", sql=_value_sql("last_on"))
    is_open: bool = expression(
        "Whether readings are accepted today.", sql=f"({_STATE_SQL}) = 'OPEN'"
    )
    is_late: bool = expression(
        "Whether this month's days are over, and readings sent now count for the next month.",
        sql=f"coalesce({_value_sql('is_late')}, false)",
    )
    days_left: int = expression(
        "The number of these days left, today included; 0 while closed.",
        sql=f"coalesce({_value_sql(rules.DAYS_LEFT_SQL)}, 0)",
    )
    closed_because: Closed | None = expression(
        "The reason why no reading is accepted today; null while the window is open.",
        sql=f"nullif({_STATE_SQL}, 'OPEN')",
    )


@object_type
class ReadingRules:
    """The supplier's rules of the submission window, as of this month."""

    first_day: int = strawberry.field(
        description="The day of the month on which the window begins."
    )
    last_day: int = strawberry.field(description="The day of the month on which the window ends.")
    late_policy: LatePolicy = strawberry.field(description="The treatment of late readings.")
    offline_days: int = strawberry.field(
        description="The maximum delay in days of a reading taken offline, by `takenAt`."
    )


def reading_rules(terms: WindowRuleTerms) -> ReadingRules:
    return ReadingRules(
        first_day=terms.first_day,
        last_day=terms.last_day,
        late_policy=terms.late_policy,
        offline_days=terms.offline_days,
    )
