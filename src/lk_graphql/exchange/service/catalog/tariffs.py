"""What law and tariff orders set: dated rows."""

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.application_rules import APPLICATION_RULES
from lk_graphql.exchange.service.catalog.reading_rules import (
    ANOMALY_RULES,
    ESTIMATE_RULES,
    NORMS,
    WINDOW_RULES,
)
from lk_graphql.exchange.service.catalog.shared import ZONE_COLUMN
from lk_graphql.exchange.service.records import Check, Column, Kind, Records
from lk_graphql.exchange.service.values import DAY, MONTH, YES_NO, choice, decimal, integer, text

_CATEGORY = Column("category", choice(TariffCategory), "What a household heats and cooks with.")
_RANGE = Column("range_number", integer(1, 9), "The consumption range («диапазон»).")
_FROM = Column("valid_from", DAY, "The first day.")
_TO = Column("valid_to", DAY, "The last day; empty: until further notice.", required=False)
_ENDS = Check("ENDS_BEFORE_IT_BEGINS", "valid_to", "r.valid_to < r.valid_from")

_TARIFFS = Records(
    name="tariffs",
    table="tariff",
    says="Prices of a kilowatt-hour.",
    columns=(
        _CATEGORY,
        ZONE_COLUMN,
        _RANGE,
        Column("rubles_per_kwh", decimal(5, 5), "Rubles, VAT included."),
        _FROM,
        _TO,
        Column("order_reference", text(200), "The order that set it («приказ»)."),
    ),
    key=("category", "zone", "range_number", "valid_from"),
    stamp="data_as_of",
    checks=(_ENDS,),
)

_RANGE_LIMITS = Records(
    name="range_limits",
    table="range_limit",
    says="How far the consumption ranges reach.",
    columns=(
        _CATEGORY,
        _RANGE,
        Column(
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
    says="The key rate («ключевая ставка») and the cap on it.",
    columns=(
        Column(
            "is_cap",
            YES_NO,
            "Whether this is the cap (ПП 329), not the rate.",
            required=False,
            default="false",
        ),
        Column("percent", decimal(3, 3), "Percent a year."),
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
    says="By which days of the following month bills are issued and paid.",
    columns=(
        Column("from_period", MONTH, "The first billed month for which this holds."),
        Column("document_day", integer(1, 28), "The day by which a bill is issued."),
        Column("due_day", integer(1, 28), "The day by which it is paid."),
        Column("reference", text(200), "The law that says so."),
    ),
    key=("from_period",),
    stamp="data_as_of",
)

TARIFFS = Kind(
    ImportKind.TARIFFS,
    "Tariffs and what else is set by law and orders",
    (
        *(_TARIFFS, _RANGE_LIMITS, _PENALTY_RATES, _DUE_RULES),
        *(WINDOW_RULES, ANOMALY_RULES, ESTIMATE_RULES, NORMS, APPLICATION_RULES),
    ),
)
