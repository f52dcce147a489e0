"""Import files of meters and their registers.

A meter that is set to other zones («перепрограммирован») keeps its serial number. Its former
registers keep their readings and have a day in `removed_on` (docs/decisions/0166).
"""

from lk_graphql.import_formats.service.columns import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_ACCOUNT,
    ZONE_COLUMN,
    day_check,
)
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    ChildOf,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    SetCheck,
)
from lk_graphql.import_formats.service.set_checks import spelt_otherwise, zeros_lost
from lk_graphql.tabular.value_formats import (
    BOOLEAN,
    DAY,
    decimal,
    identifier,
    integer,
    text,
)

_METERS = Records(
    name="meters",
    table="meter",
    description="Meters («приборы учёта»). A removed meter has a day in `removed_on`.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("serial", identifier(40), "The serial number («заводской номер»)."),
        FileColumn("model", text(80), "The model, as in the meter's passport."),
        FileColumn("accuracy_class", text(10), "The accuracy class.", required=False),
        FileColumn(
            "ratio",
            decimal(6, 2),
            "The factor from counted to actual kilowatt-hours («коэффициент "
            "трансформации»), usually 1.",
            required=False,
            default="1",
        ),
        FileColumn("installed_on", DAY, "The day of the installation."),
        FileColumn(
            "removed_on", DAY, "The day of the removal, tomorrow at the latest.", required=False
        ),
        FileColumn(
            "verified_on", DAY, "The day of the last verification («поверка»).", required=False
        ),
        FileColumn(
            "verification_interval_years",
            integer(1, 50),
            "The number of years between verifications («межповерочный интервал»).",
            required=False,
        ),
        FileColumn(
            "next_verification_on",
            DAY,
            "The day by which the next verification is due.",
            required=False,
        ),
        FileColumn(
            "seal_number", identifier(40), "The number of the seal («пломба»).", required=False
        ),
        FileColumn("sealed_on", DAY, "The day of the sealing.", required=False),
        FileColumn(
            "reports_itself",
            BOOLEAN,
            "Whether the meter transmits its readings itself (АСКУЭ, ИСУ), so that "
            "customers don't send any.",
            required=False,
            default="false",
        ),
    ),
    key=("account_id", "serial"),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    checks=(
        RowCheck("NOT_POSITIVE", "ratio", "r.ratio <= 0"),
        RowCheck("ENDS_BEFORE_IT_BEGINS", "removed_on", "r.removed_on < r.installed_on"),
        day_check("removed_on"),  # a meter with such a day takes no more readings
    ),
)

_REGISTERS = Records(
    name="registers",
    table="register",
    description=(
        "The registers of the meters in the same import, a row each («тарифные зоны»). A "
        "register is never deleted, because readings refer to it. If a meter is set to other zones "
        "and keeps its number, send its former registers once with `removed_on`, together with the "
        "new ones; they may have the same positions."
    ),
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        ZONE_COLUMN,
        FileColumn("position", integer(1, 9), "The position on the display, from 1."),
        FileColumn("label", text(10), "The label on the display, such as `T1`."),
        FileColumn(
            "digits", integer(1, 9), "The number of digits before the point («разрядность»)."
        ),
        FileColumn(
            "fraction_digits",
            integer(0, 3),
            "The number of digits after the point, usually 0.",
            required=False,
            default="0",
        ),
        FileColumn(
            "removed_on",
            DAY,
            "The last day on which the register counted before its meter was set to other zones "
            "(«перепрограммирован»), tomorrow at the latest; empty while it counts.",
            required=False,
        ),
    ),
    key=("meter_id", "zone"),
    checks=(day_check("removed_on"),),
    part_of=ChildOf(
        "meters",
        ("account", "meter"),
        ("account", "serial"),
        "meter_id",
        "SELECT m.id, a.number AS account, m.serial AS meter FROM meter m"
        " JOIN account a ON a.id = m.account_id",
        keeps_missing=True,
    ),
)

_ON_METERS = """
WITH sent AS (
    SELECT r.file, r.line, r.meter_id, r.zone, r.position, r.removed_on,
        g.id IS NULL AND NOT m.is_new AS is_added, g.removed_on AS known_removed_on
    FROM row_registers r JOIN row_meters m ON m.id = r.meter_id AND m.removed_on IS NULL
    LEFT JOIN register g ON g.meter_id = r.meter_id AND g.zone = r.zone
    WHERE NOT r.is_stale
), unsent AS (
    SELECT g.meter_id, g.zone, g.position, g.removed_on FROM register g
    WHERE g.meter_id IN (SELECT meter_id FROM sent) AND NOT EXISTS (
        SELECT FROM sent s WHERE s.meter_id = g.meter_id AND s.zone = g.zone)
), own AS (
    SELECT meter_id, zone, position, removed_on FROM sent UNION ALL SELECT * FROM unsent
)
"""
"""The registers of the meters in use after the import: of the file (`sent`), and all (`own`)."""
_NONE_LEFT = f"""{_ON_METERS}
SELECT s.file, s.line, s.removed_on::text AS value FROM sent s
WHERE NOT EXISTS (SELECT FROM own o WHERE o.meter_id = s.meter_id AND o.removed_on IS NULL)
"""
_RETURNS = f"""{_ON_METERS}
SELECT s.file, s.line, s.zone AS value FROM sent s
WHERE s.removed_on IS NULL AND s.known_removed_on IS NOT NULL AND EXISTS (SELECT FROM own o
    WHERE o.meter_id = s.meter_id AND o.zone <> s.zone AND o.removed_on > s.known_removed_on)
"""
"""Former registers that count again after others have counted.

Consumption is the difference between consecutive readings, so it would include the energy of the
time between, which the other registers have counted.
"""
_LEFT_OUT = f"""{_ON_METERS}
SELECT s.file, s.line, string_agg(u.zone, ', ' ORDER BY u.position) AS value
FROM sent s JOIN unsent u ON u.meter_id = s.meter_id AND u.removed_on IS NULL
WHERE s.is_added GROUP BY s.file, s.line
"""
"""Registers of new zones of known meters, with the zones in use that the file lacks."""
_BESIDE = f"""{_ON_METERS}
SELECT DISTINCT s.file, s.line, s.{{value}}::text AS value
FROM sent s JOIN own o ON o.meter_id = s.meter_id AND o.zone <> s.zone
WHERE s.removed_on IS NULL AND o.removed_on IS NULL AND {{condition}}
"""
_OVERLAP = _BESIDE.format(
    value="zone",
    condition="""('SINGLE' IN (s.zone, o.zone) OR 'DAY' IN (s.zone, o.zone)
    AND (s.zone IN ('PEAK', 'HALF_PEAK') OR o.zone IN ('PEAK', 'HALF_PEAK')))""",
)
"""Registers that count the same hours: one of all hours beside another, or one of the day beside
those of its peak and half-peak hours."""
_SAME_POSITION = _BESIDE.format(value="position", condition="o.position = s.position")
_REMOVED_BEFORE_METER = """
SELECT r.file, r.line, r.removed_on::text AS value
FROM row_registers r JOIN row_meters m ON m.id = r.meter_id WHERE r.removed_on < m.installed_on
"""

_LAST_REMOVED = """
SELECT t.account_id FROM row_meters r JOIN meter t ON t.id = r.id
WHERE NOT r.is_stale AND r.removed_on IS NOT NULL AND t.removed_on IS NULL
    AND NOT EXISTS (SELECT FROM row_meters o WHERE o.account_id = t.account_id
        AND NOT o.is_stale AND o.removed_on IS NULL)
    AND NOT EXISTS (SELECT FROM meter m WHERE m.account_id = t.account_id AND m.removed_on IS NULL
        AND NOT EXISTS (SELECT FROM row_meters o WHERE o.id = m.id AND NOT o.is_stale))
"""

METERS = ImportFormat(
    ImportKind.METERS,
    "Meters and their registers",
    (_METERS, _REGISTERS),
    set_checks=(
        zeros_lost("meters", "meter", "serial", same="t.account_id = r.account_id"),
        spelt_otherwise("meters", "meter", "serial", same="t.account_id = r.account_id"),
        SetCheck("registers", "ENDS_BEFORE_IT_BEGINS", "removed_on", _REMOVED_BEFORE_METER),
        SetCheck("registers", "NO_REGISTER_LEFT", "removed_on", _NONE_LEFT),
        SetCheck("registers", "REGISTER_RETURNS", "removed_on", _RETURNS),
        SetCheck("registers", "REGISTER_LEFT_OUT", "zone", _LEFT_OUT),
        SetCheck("registers", "ZONES_OVERLAP", "zone", _OVERLAP),
        SetCheck("registers", "POSITION_TAKEN", "position", _SAME_POSITION),
    ),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.METERS_REMOVED,
            "the account loses its last meter, so that no readings can be sent",
            _LAST_REMOVED,
        ),
    ),
)
