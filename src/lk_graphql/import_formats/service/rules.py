"""Import files of tariffs and of all other dated rules.

Rows that belong together, such as the ranges from one day on, are checked as a set. A set includes
the table's rows that the file doesn't replace.
"""

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.billing.service.charges import MAX_RANGES
from lk_graphql.import_formats.service.columns import ZONE_COLUMN
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import (
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    RowReference,
)
from lk_graphql.import_formats.service.set_checks import (
    gap_check,
    incomplete_set_check,
    merged_rows,
)
from lk_graphql.metering.models import GapPricing, LatePolicy
from lk_graphql.tabular.value_formats import (
    BOOLEAN,
    DAY,
    MONEY,
    MONTH,
    choice,
    decimal,
    integer,
    text,
)

_FROM_PERIOD = FileColumn("from_period", MONTH, "The first month to which the row applies.")
_REFERENCE = FileColumn("reference", text(200), "The law or the order that sets it.")
_MONTHS = integer(1, 60)

WINDOW_RULES = Records(
    name="window_rules",
    table="window_rule",
    description="The days of a month on which readings are accepted («период приёма показаний»).",
    columns=(
        _FROM_PERIOD,
        FileColumn("first_day", integer(1, 31), "The first day of the window."),
        FileColumn("last_day", integer(1, 31), "The last day, or the last of a shorter month."),
        FileColumn("late_policy", choice(LatePolicy), "The treatment of later readings."),
        FileColumn("offline_days", integer(0, 31), "The most days a reading may wait on a phone."),
        _REFERENCE,
    ),
    key=("from_period",),
    stamp="data_as_of",
    checks=(RowCheck("ENDS_BEFORE_IT_BEGINS", "last_day", "r.last_day < r.first_day"),),
)

_NO_FRACTION = RowCheck("FRACTION", "percent", "r.percent > 0 AND r.percent < 1")

ANOMALY_RULES = Records(
    name="anomaly_rules",
    table="anomaly_rule",
    description="The limits above which a reading needs a confirmation.",
    columns=(
        _FROM_PERIOD,
        FileColumn("usual_times", decimal(3, 1), "The limit, as a multiple of the usual."),
        FileColumn("usual_months", _MONTHS, "The number of months averaged as the usual."),
        FileColumn("least_months", _MONTHS, "The least number of known months for that average."),
        FileColumn("allowed_kw", decimal(5, 2), "Another limit, in kW around the clock."),
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
    description="The estimates that are billed for months without a reading.",
    columns=(
        _FROM_PERIOD,
        FileColumn("average_months", _MONTHS, "The number of months to average."),
        FileColumn("least_months", _MONTHS, "The least number of known months for that average."),
        FileColumn("longest_run", _MONTHS, "The most such months in a row; then the norm applies."),
        FileColumn(
            "raising_factor",
            decimal(2, 2),
            "The raising factor of the norm («повышающий коэффициент»).",
        ),
        _REFERENCE,
        FileColumn(
            "gap_pricing",
            choice(GapPricing),
            "The range limits of the next reading: ALL_MONTHS, those of all months since the last"
            " one, less the volume on their bills; or LAST_MONTH, those of its own month.",
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
    description="The norms of monthly consumption per person («норматив»). The rows of a "
    "category from one month on are one set, which replaces the one before: a file has all of "
    "them.",
    columns=(
        FileColumn("category", choice(TariffCategory), "The household's heating and cooking."),
        FileColumn(
            "residents", integer(1, 99), "The least number of residents, up to the next row's."
        ),
        FileColumn(
            "rooms",
            integer(1, 99),
            "The least number of rooms, up to the next row's.",
            required=False,
            default="1",
        ),
        FileColumn("kwh_per_person", decimal(6, 2), "The norm in kWh a month per resident."),
        _FROM_PERIOD,
        FileColumn("order_reference", text(200), "The order that sets it."),
    ),
    key=("category", "rooms", "residents", "from_period"),
    stamp="data_as_of",
)


APPLICATION_RULES = Records(
    name="application_rules",
    table="application_rule",
    description="The limits and requirements of applications for contracts («состав заявки»).",
    columns=(
        FileColumn("from_day", DAY, "The first day to which the row applies."),
        FileColumn("most_open", integer(1, 1000), "The most undecided applications of one person."),
        FileColumn("most_objects", integer(1, 1000), "The most objects of one application."),
        FileColumn("most_documents", integer(1, 1000), "The most documents of one application."),
        FileColumn("demands_identity", BOOLEAN, "Whether proof of identity is needed («паспорт»)."),
        FileColumn("demands_ownership", BOOLEAN, "Whether proof of ownership is needed."),
        FileColumn(
            "demands_grid_connection", BOOLEAN, "Whether proof of the grid connection is needed."
        ),
        FileColumn("demands_power_of_attorney", BOOLEAN, "Whether a power of attorney is needed."),
        FileColumn("reference", text(200), "The law or the order that sets it."),
    ),
    key=("from_day",),
    stamp="data_as_of",
)


_CATEGORY = FileColumn("category", choice(TariffCategory), "The household's heating and cooking.")
_RANGE = FileColumn("range_number", integer(1, MAX_RANGES), "The consumption range («диапазон»).")
_FROM = FileColumn("valid_from", DAY, "The first day.")
_TO = FileColumn("valid_to", DAY, "The last day; if empty, until further notice.", required=False)
_ENDS = RowCheck("ENDS_BEFORE_IT_BEGINS", "valid_to", "r.valid_to < r.valid_from")

_TARIFFS = Records(
    name="tariffs",
    table="tariff",
    description="Prices of a kilowatt-hour.",
    columns=(
        _CATEGORY,
        ZONE_COLUMN,
        _RANGE,
        FileColumn("rubles_per_kwh", decimal(3, 5, is_price=True), "The price, VAT included."),
        _FROM,
        _TO,
        FileColumn("order_reference", text(200), "The order that sets it («приказ»)."),
    ),
    key=("category", "zone", "range_number", "valid_from"),
    stamp="data_as_of",
    checks=(_ENDS,),
)

_RANGE_LIMITS = Records(
    name="range_limits",
    table="range_limit",
    description="The limits of the consumption ranges. The ranges of a category from one day on "
    "are one set, which replaces the one before: a file has all of them.",
    columns=(
        _CATEGORY,
        _RANGE,
        FileColumn(
            "up_to_kwh",
            integer(1, 999_999),
            "The limit in kWh a month; empty for the last range, and only for it.",
            required=False,
        ),
        _FROM,
        FileColumn(
            "order_reference", text(200), "The order that sets it («приказ»).", required=False
        ),
    ),
    key=("category", "range_number", "valid_from"),
    stamp="data_as_of",
    checks=(
        RowCheck(
            "LAST_RANGE",
            "up_to_kwh",
            f"r.range_number = {MAX_RANGES} AND r.up_to_kwh IS NOT NULL",
        ),
    ),
)

_PENALTY_RATES = Records(
    name="penalty_rates",
    table="penalty_rate",
    description="The key rate («ключевая ставка») and the cap on it.",
    columns=(
        FileColumn(
            "is_cap",
            BOOLEAN,
            "Whether the row is the cap (ПП 329), not the rate.",
            required=False,
            default="false",
        ),
        FileColumn("percent", decimal(3, 3), "The rate in percent per year."),
        _FROM,
        _TO,
        FileColumn(
            "decision",
            text(200),
            "The decision or the act that sets it.",
            required=False,
            target="reference",
        ),
    ),
    key=("is_cap", "valid_from"),
    stamp="data_as_of",
    checks=(_ENDS, _NO_FRACTION),
)

_DUE_RULES = Records(
    name="due_rules",
    table="due_rule",
    description="The days of the following month by which bills are issued and paid.",
    columns=(
        FileColumn("from_period", MONTH, "The first billed month to which the row applies."),
        FileColumn("document_day", integer(1, 28), "The day by which a bill is issued."),
        FileColumn("due_day", integer(1, 28), "The day by which a bill is paid."),
        FileColumn("reference", text(200), "The law that sets it."),
    ),
    key=("from_period",),
    stamp="data_as_of",
)

_VAT_RATES = Records(
    name="vat_rates",
    table="vat_rate",
    description="The VAT included in prices («НДС»).",
    columns=(FileColumn("percent", decimal(2, 2), "The rate in percent."), _FROM, _REFERENCE),
    key=("valid_from",),
    stamp="data_as_of",
    checks=(_NO_FRACTION,),
)

_PENALTY_SHARES = Records(
    name="penalty_shares",
    table="penalty_share",
    description="The share of the key rate for a day of delay (ЖК РФ, ст. 155 ч. 14). The rows "
    "from one day on are one set, which replaces the one before.",
    columns=(
        FileColumn("days_late", integer(1, 3650), "The first day of delay; a set begins at 1."),
        FileColumn(
            "divisor",
            integer(1, 9999),
            "The divisor, 300 for 1/300; empty: no penalty.",
            required=False,
        ),
        _FROM,
        _REFERENCE,
    ),
    key=("valid_from", "days_late"),
    stamp="data_as_of",
)

_CALENDAR_DAYS = Records(
    name="calendar_days",
    table="calendar_day",
    description="Days moved by the government («производственный календарь»): working Saturdays "
    "and days off. Weekends and holidays need no row.",
    columns=(
        FileColumn("day", DAY, "The day."),
        FileColumn("is_working", BOOLEAN, "Whether it is a working day."),
        _REFERENCE,
    ),
    key=("day",),
    stamp="data_as_of",
)

_PAYMENT_TERMS = Records(
    name="payment_terms",
    table="payment_terms",
    description="The limits of card payments, and the customer's commission («комиссия»).",
    columns=(
        _FROM,
        FileColumn("minimum", MONEY, "The smallest payment."),
        FileColumn("maximum", MONEY, "The largest payment."),
        FileColumn("commission_percent", decimal(2, 3), "The commission on top, in percent, or 0."),
        _REFERENCE,
    ),
    key=("valid_from",),
    stamp="data_as_of",
    checks=(
        RowCheck("NOT_POSITIVE", "minimum", "r.minimum <= 0"),
        RowCheck("BELOW_MINIMUM", "maximum", "r.maximum < r.minimum"),
    ),
)

_ERASURE_TERMS = Records(
    name="erasure_terms",
    table="erasure_term",
    description="The term for destroying personal data after a withdrawal of consent.",
    columns=(_FROM, FileColumn("days", integer(1, 365), "The term in calendar days."), _REFERENCE),
    key=("valid_from",),
    stamp="data_as_of",
)

_ANSWER_TERMS = Records(
    name="answer_terms",
    table="answer_term",
    description="The terms for answering appeals; staff can change them by topic, too.",
    columns=(
        FileColumn("topic", text(100), "The title of the topic («тема»).", target=None),
        FileColumn("from_day", DAY, "The first day of receipt of appeals to which it applies."),
        FileColumn("days", integer(1, 365), "The number of days after the day of receipt."),
        FileColumn("are_working_days", BOOLEAN, "Whether only working days count."),
        _REFERENCE,
    ),
    key=("topic_id", "from_day"),
    references=(
        RowReference(
            "topic_id", ("topic",), "SELECT id, title AS topic FROM appeal_topic", "TOPIC_UNKNOWN"
        ),
    ),
    stamp="data_as_of",
)


_LAST = "cardinality(s.numbers)"
_PRICED = (
    f"{merged_rows(_TARIFFS, 'category', 'range_number', 'valid_to')} SELECT FROM merged p"
    f" WHERE p.category = s.category AND p.range_number > {_LAST}"
    " AND coalesce(p.valid_to >= s.valid_from, true)"
)
_SET_CHECKS = (
    gap_check(_TARIFFS, "category", "zone", "range_number"),
    gap_check(_PENALTY_RATES, "is_cap", where="NOT a.is_cap"),
    incomplete_set_check(
        _RANGE_LIMITS,
        ("category", "valid_from"),
        "range_number",
        f"s.numbers[{_LAST}] <> {_LAST} OR s.ends[{_LAST}] IS NOT NULL OR EXISTS (SELECT"
        f" FROM unnest(s.ends) WITH ORDINALITY e (up_to, i) WHERE i < {_LAST}"
        " AND (e.up_to IS NULL OR e.up_to <= s.ends[i - 1]))"
        f" OR cardinality(s.before) > {_LAST} AND EXISTS ({_PRICED})",
        end="up_to_kwh",
    ),
    incomplete_set_check(
        NORMS,
        ("category", "from_period"),
        "residents",
        "NOT s.numbers @> ARRAY['1×1'] OR NOT coalesce(s.numbers @> s.before, true)",
        number="residents || '×' || rooms",
    ),
)
_TARIFF_RECORDS = (
    *(_TARIFFS, _RANGE_LIMITS, _PENALTY_RATES, _DUE_RULES),
    *(WINDOW_RULES, ANOMALY_RULES, ESTIMATE_RULES, NORMS, APPLICATION_RULES),
)
TARIFFS = ImportFormat(
    ImportKind.TARIFFS,
    "Tariffs and other rules set by law and orders",
    _TARIFF_RECORDS,
    set_checks=_SET_CHECKS,
    stand_alone=True,
)
RULES = ImportFormat(
    ImportKind.RULES,
    "All dated rules: those of `lk import tariffs`, taxes, the calendar, and the company's own",
    (
        *_TARIFF_RECORDS,
        *(_VAT_RATES, _PENALTY_SHARES, _CALENDAR_DAYS),
        *(_PAYMENT_TERMS, _ERASURE_TERMS, _ANSWER_TERMS),
    ),
    set_checks=(
        *_SET_CHECKS,
        incomplete_set_check(_PENALTY_SHARES, ("valid_from",), "days_late", "s.numbers[1] <> 1"),
    ),
    stand_alone=True,
)
