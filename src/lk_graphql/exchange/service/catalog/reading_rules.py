"""What is set for readings: windows, limits, norms, as dated rows."""

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.exchange.service.records import Check, Column, Records
from lk_graphql.exchange.service.values import MONTH, choice, decimal, integer, text
from lk_graphql.metering.models import LatePolicy

_FROM = Column("from_period", MONTH, "The first month for which this holds.")
_REFERENCE = Column("reference", text(200), "The law or the order that says so.")
_MONTHS = integer(1, 60)

WINDOW_RULES = Records(
    name="window_rules",
    table="window_rule",
    says="On which days readings are taken («период приёма показаний»).",
    columns=(
        _FROM,
        Column("first_day", integer(1, 31), "The first day of the month."),
        Column("last_day", integer(1, 31), "The last one; what a month lacks is its last day."),
        Column("late_policy", choice(LatePolicy), "What becomes of a reading that comes later."),
        Column("offline_days", integer(0, 31), "How long a phone may keep a reading back."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(Check("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
)

ANOMALY_RULES = Records(
    name="anomaly_rules",
    table="anomaly_rule",
    says="What is too much to be taken without a question.",
    columns=(
        _FROM,
        Column("usual_times", decimal(3, 1), "So many times the usual."),
        Column("usual_months", _MONTHS, "The usual is the average of so many months,"),
        Column("least_months", _MONTHS, "or of what is known, but no fewer."),
        Column("allowed_kw", decimal(5, 2), "Or so many kilowatts around the clock."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(
        Check("BELOW_ONE", "usual_times", "r.usual_times < 1"),
        Check("NOT_POSITIVE", "allowed_kw", "r.allowed_kw <= 0"),
        Check("NOT_A_PART", "least_months", "r.least_months > r.usual_months"),
    ),
)

ESTIMATE_RULES = Records(
    name="estimate_rules",
    table="estimate_rule",
    says="What is billed for a month without a reading.",
    columns=(
        _FROM,
        Column("average_months", _MONTHS, "The average of so many months,"),
        Column("least_months", _MONTHS, "or of what is known, but no fewer,"),
        Column("longest_run", _MONTHS, "for so many months in a row; then the norm,"),
        Column("raising_factor", decimal(2, 2), "times this («повышающий коэффициент»)."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(
        Check("BELOW_ONE", "raising_factor", "r.raising_factor < 1"),
        Check("NOT_A_PART", "least_months", "r.least_months > r.average_months"),
    ),
)

NORMS = Records(
    name="norms",
    table="norm",
    says="What a person is reckoned to use in a month («норматив»).",
    columns=(
        Column("category", choice(TariffCategory), "What a household heats and cooks with."),
        Column("residents", integer(1, 99), "For so many residents, or more up to the next row."),
        Column("kwh_per_person", decimal(6, 2), "Kilowatt-hours a month for each of them."),
        _FROM,
        Column("order_reference", text(200), "The order that set it."),
    ),
    key=("category", "residents", "from_period"),
    stamp="data_as_of",
)
