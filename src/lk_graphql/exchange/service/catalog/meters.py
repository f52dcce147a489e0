"""Meters and their registers."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.shared import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_ACCOUNT,
    ZONE_COLUMN,
)
from lk_graphql.exchange.service.records import (
    Check,
    Column,
    Kind,
    Part,
    Records,
    SetCheck,
)
from lk_graphql.exchange.service.values import DAY, YES_NO, decimal, integer, text

_METERS = Records(
    name="meters",
    table="meter",
    says="Meters («приборы учёта»). One that was taken off gets a day in `removed_on`.",
    columns=(
        ACCOUNT_COLUMN,
        Column("serial", text(40), "The serial number («заводской номер»)."),
        Column("model", text(80), "The model, as its passport says."),
        Column("accuracy_class", text(10), "The class of accuracy.", required=False),
        Column(
            "ratio",
            decimal(6, 2),
            "What a counted kilowatt-hour stands for («коэффициент трансформации»); mostly 1.",
            required=False,
            default="1",
        ),
        Column("installed_on", DAY, "When it was put in."),
        Column("removed_on", DAY, "When it was taken off.", required=False),
        Column("verified_on", DAY, "The last verification («поверка»).", required=False),
        Column(
            "verification_interval_years",
            integer(1, 50),
            "Years between verifications («межповерочный интервал»).",
            required=False,
        ),
        Column("next_verification_on", DAY, "When the next one is due.", required=False),
        Column("seal_number", text(40), "The seal («пломба»).", required=False),
        Column("sealed_on", DAY, "When it was sealed.", required=False),
        Column(
            "reports_itself",
            YES_NO,
            "Whether it sends its readings itself (АСКУЭ, ИСУ), so that customers don't.",
            required=False,
            default="false",
        ),
    ),
    key=("account_id", "serial"),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    checks=(
        Check("NOT_POSITIVE", "ratio", "r.ratio <= 0"),
        Check("ENDS_BEFORE_IT_BEGINS", "removed_on", "r.removed_on < r.installed_on"),
    ),
)

_REGISTERS = Records(
    name="registers",
    table="register",
    says="The counters of the meters in the same import, a row each («тарифные зоны»). A register"
    " is never deleted, for its readings' sake.",
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        ZONE_COLUMN,
        Column("position", integer(1, 9), "Its place on the display, from 1."),
        Column("label", text(10), "What the display shows, such as `T1`."),
        Column("digits", integer(1, 9), "Digits before the point («разрядность»)."),
        Column(
            "fraction_digits",
            integer(0, 3),
            "Digits after the point; mostly 0.",
            required=False,
            default="0",
        ),
    ),
    key=("meter_id", "zone"),
    part_of=Part(
        "meters",
        ("account", "meter"),
        ("account", "serial"),
        "meter_id",
        "SELECT m.id, a.number AS account, m.serial AS meter FROM meter m"
        " JOIN account a ON a.id = m.account_id",
        is_kept=True,
    ),
)

_SAME_PLACE = """
SELECT r.file, r.line, r.position::text AS value FROM row_registers r
WHERE EXISTS (SELECT FROM row_registers o WHERE o.meter_id = r.meter_id
    AND o.position = r.position AND o.zone <> r.zone)
OR EXISTS (SELECT FROM register g WHERE g.meter_id = r.meter_id AND g.position = r.position
    AND g.zone <> r.zone AND NOT r.is_stale AND NOT EXISTS (SELECT FROM row_registers o
        WHERE o.meter_id = g.meter_id AND o.zone = g.zone))
"""
"""In the file, or with a register that the meter had before: those are kept."""

METERS = Kind(
    ImportKind.METERS,
    "Meters and their registers",
    (_METERS, _REGISTERS),
    set_checks=(SetCheck("registers", "DUPLICATE", "position", _SAME_PLACE),),
)
