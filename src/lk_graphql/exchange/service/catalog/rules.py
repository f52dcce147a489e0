"""Import files of tariffs and of dated rules for readings and applications."""

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.records import (
    BOOLEAN,
    DAY,
    MONTH,
    ZONE_COLUMN,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    choice,
    decimal,
    integer,
    text,
)
from lk_graphql.metering.models import GapPricing, LatePolicy

_FROM_PERIOD = FileColumn("from_period", MONTH, "The first month for which this holds.")
_REFERENCE = FileColumn("reference", text(200), "The law or the order that says so.")
_MONTHS = integer(1, 60)

WINDOW_RULES = Records(
    name="window_rules",
    table="window_rule",
    description="On which days readings are taken («период приёма показаний»).",
    columns=(
        _FROM_PERIOD,
        FileColumn("first_day", integer(1, 31), "The first day of the month."),
        FileColumn("last_day", integer(1, 31), "The last one; what a month lacks is its last day."),
        FileColumn(
            "late_policy", choice(LatePolicy), "What becomes of a reading that comes later."
        ),
        FileColumn("offline_days", integer(0, 31), "How long a phone may keep a reading back."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(RowCheck("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
)

ANOMALY_RULES = Records(
    name="anomaly_rules",
    table="anomaly_rule",
    description="What is too much to be taken without a question.",
    columns=(
        _FROM_PERIOD,
        FileColumn("usual_times", decimal(3, 1), "So many times the usual."),
        FileColumn("usual_months", _MONTHS, "The usual is the average of so many months,"),
        FileColumn("least_months", _MONTHS, "or of what is known, but no fewer."),
        FileColumn("allowed_kw", decimal(5, 2), "Or so many kilowatts around the clock."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(
        RowCheck("BELOW_ONE", "usual_times", "r.usual_times < 1"),
        RowCheck("NOT_POSITIVE", "allowed_kw", "r.allowed_kw <= 0"),
        RowCheck("NOT_A_PART", "least_months", "r.least_months > r.usual_months"),
    ),
)

ESTIMATE_RULES = Records(
    name="estimate_rules",
    table="estimate_rule",
    description="What is billed for a month without a reading.",
    columns=(
        _FROM_PERIOD,
        FileColumn("average_months", _MONTHS, "The average of so many months,"),
        FileColumn("least_months", _MONTHS, "or of what is known, but no fewer,"),
        FileColumn("longest_run", _MONTHS, "for so many months in a row; then the norm,"),
        FileColumn("raising_factor", decimal(2, 2), "times this («повышающий коэффициент»)."),
        _REFERENCE,
        FileColumn(
            "gap_pricing",
            choice(GapPricing),
            "The ranges of the next reading: ALL_MONTHS, the limits of all months since the last"
            " one, less what their bills have charged; or LAST_MONTH, those of its own month.",
            required=False,
            default="'ALL_MONTHS'",
        ),
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(
        RowCheck("BELOW_ONE", "raising_factor", "r.raising_factor < 1"),
        RowCheck("NOT_A_PART", "least_months", "r.least_months > r.average_months"),
    ),
)

NORMS = Records(
    name="norms",
    table="norm",
    description="What a person is reckoned to use in a month («норматив»).",
    columns=(
        FileColumn("category", choice(TariffCategory), "What a household heats and cooks with."),
        FileColumn(
            "residents", integer(1, 99), "For so many residents, or more up to the next row."
        ),
        FileColumn(
            "rooms",
            integer(1, 99),
            "For so many rooms, or more up to the next row.",
            required=False,
            default="1",
        ),
        FileColumn("kwh_per_person", decimal(6, 2), "Kilowatt-hours a month for each of them."),
        _FROM_PERIOD,
        FileColumn("order_reference", text(200), "The order that set it."),
    ),
    key=("category", "rooms", "residents", "from_period"),
    stamp="data_as_of",
)


APPLICATION_RULES = Records(
    name="application_rules",
    table="application_rule",
    description="What applications for contracts may hold and must show («состав заявки»).",
    columns=(
        FileColumn("from_day", DAY, "The first day on which this holds."),
        FileColumn("most_open", integer(1, 1000), "Undecided applications of one person."),
        FileColumn("most_objects", integer(1, 1000), "Objects of one application."),
        FileColumn("most_documents", integer(1, 1000), "Documents of one application."),
        FileColumn("demands_identity", BOOLEAN, "Whether who applies has to be shown («паспорт»)."),
        FileColumn("demands_ownership", BOOLEAN, "Whether the right to the place has to be shown."),
        FileColumn(
            "demands_grid_connection", BOOLEAN, "Whether the connection to the grid has to be."
        ),
        FileColumn(
            "demands_power_of_attorney", BOOLEAN, "Whether the power to act for somebody has."
        ),
        FileColumn("reference", text(200), "The law or the order that says so."),
    ),
    key=("from_day",),
    stamp="data_as_of",
)


_CATEGORY = FileColumn("category", choice(TariffCategory), "What a household heats and cooks with.")
_RANGE = FileColumn("range_number", integer(1, 9), "The consumption range («диапазон»).")
_FROM = FileColumn("valid_from", DAY, "The first day.")
_TO = FileColumn("valid_to", DAY, "The last day; empty: until further notice.", required=False)
_ENDS = RowCheck("ENDS_BEFORE_IT_BEGINS", "valid_to", "r.valid_to < r.valid_from")

_TARIFFS = Records(
    name="tariffs",
    table="tariff",
    description="Prices of a kilowatt-hour.",
    columns=(
        _CATEGORY,
        ZONE_COLUMN,
        _RANGE,
        FileColumn("rubles_per_kwh", decimal(5, 5), "Rubles, VAT included."),
        _FROM,
        _TO,
        FileColumn("order_reference", text(200), "The order that set it («приказ»)."),
    ),
    key=("category", "zone", "range_number", "valid_from"),
    stamp="data_as_of",
    checks=(_ENDS,),
)

_RANGE_LIMITS = Records(
    name="range_limits",
    table="range_limit",
    description="How far the consumption ranges reach.",
    columns=(
        _CATEGORY,
        _RANGE,
        FileColumn(
            "up_to_kwh",
            integer(1, 999_999),
            "Kilowatt-hours a month; empty for the last range.",
            required=False,
        ),
        _FROM,
    ),
    key=("category", "range_number", "valid_from"),
    stamp="data_as_of",
)

_PENALTY_RATES = Records(
    name="penalty_rates",
    table="penalty_rate",
    description="The key rate («ключевая ставка») and the cap on it.",
    columns=(
        FileColumn(
            "is_cap",
            BOOLEAN,
            "Whether this is the cap (ПП 329), not the rate.",
            required=False,
            default="false",
        ),
        FileColumn("percent", decimal(3, 3), "Percent a year."),
        _FROM,
        _TO,
    ),
    key=("is_cap", "valid_from"),
    stamp="data_as_of",
    checks=(_ENDS,),
)

_DUE_RULES = Records(
    name="due_rules",
    table="due_rule",
    description="By which days of the following month bills are issued and paid.",
    columns=(
        FileColumn("from_period", MONTH, "The first billed month for which this holds."),
        FileColumn("document_day", integer(1, 28), "The day by which a bill is issued."),
        FileColumn("due_day", integer(1, 28), "The day by which it is paid."),
        FileColumn("reference", text(200), "The law that says so."),
    ),
    key=("from_period",),
    stamp="data_as_of",
)

TARIFFS = ImportFormat(
    ImportKind.TARIFFS,
    "Tariffs and what else is set by law and orders",
    (
        *(_TARIFFS, _RANGE_LIMITS, _PENALTY_RATES, _DUE_RULES),
        *(WINDOW_RULES, ANOMALY_RULES, ESTIMATE_RULES, NORMS, APPLICATION_RULES),
    ),
)
