"""Import files of accounts and meters."""

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.import_formats.service.columns import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    NEW_NUMBER_CHECK,
    NUMBER_COLUMN,
    OF_ACCOUNT,
    ZONE_COLUMN,
    as_of_check,
    day_check,
)
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    ChildOf,
    Computed,
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
    KEY,
    MOMENT,
    choice,
    decimal,
    identifier,
    integer,
    matching,
    person_name,
    text,
)

_HOLDER = (
    FileColumn(
        "holder_last_name",
        person_name(60),
        "The last name of the holder of the contract («абонент»). A change of the person "
        "suspends every login's link to the account until staff decide. If empty, the "
        "holder is unchanged.",
        required=False,
        target=None,
        exported_as="h.last_name",
    ),
    FileColumn(
        "holder_first_name",
        person_name(60),
        "The first name of the holder, or its initial.",
        required=False,
        target=None,
        exported_as="h.first_name",
    ),
    FileColumn(
        "holder_patronymic",
        person_name(60),
        "The patronymic of the holder, or its initial; if empty, a known one of the same last "
        "name and first name is kept. One that is sent for the first time completes the name.",
        required=False,
        target=None,
        exported_as="h.patronymic",
    ),
    FileColumn(
        "holder_since",
        DAY,
        "The first day of the holder, a year ahead at most; if empty, that of the contract's "
        "signing. Data of earlier days are not shown to this holder. For another person than "
        "before, the day of the contract's signing counts only if it is later than that of the "
        "known contract and than the former holder's first day; otherwise the day of the row's "
        "data (`as_of`) does. Another day for the same person corrects it.",
        required=False,
        target=None,
        exported_as="h.since::text",
    ),
)

_ACCOUNTS = Records(
    name="accounts",
    table="account",
    description=(
        "Personal accounts («лицевые счета») and their holders. Accounts are never deleted: a "
        "closed one has a day in `closed_on`."
    ),
    columns=(
        NUMBER_COLUMN,
        FileColumn(
            "unified_number",
            matching("[0-9]{2}[A-ZА-Я]{2}[0-9]{6}", "like `80AB123456`", cast_sql="upper({c})"),
            "The ЕЛС of the account in ГИС ЖКХ.",
            required=False,
        ),
        FileColumn(
            "subscriber_type",
            choice(SubscriberType),
            "The type of the subscriber («тип абонента»), by default a household.",
            required=False,
            default="'HOUSEHOLD'",
        ),
        FileColumn(
            "contract_number", identifier(40), "The number of the contract («номер договора»)."
        ),
        FileColumn("contract_signed_on", DAY, "The day on which the contract was signed."),
        FileColumn("address", text(300), "The address as printed on bills."),
        FileColumn("fias_house_id", KEY, "The house in ФИАС/ГАР (a UUID).", required=False),
        FileColumn("flat", identifier(20), "The flat («квартира»).", required=False),
        FileColumn(
            "house_kind",
            choice(HouseKind),
            "The kind of building: a block of flats, or a detached house.",
        ),
        FileColumn(
            "tariff_category", choice(TariffCategory), "The category that determines the tariff."
        ),
        FileColumn(
            "has_range_privilege",
            BOOLEAN,
            "Whether all energy is charged at the price of the first range («многодетные»).",
            required=False,
            default="false",
        ),
        FileColumn("area_m2", decimal(6, 2), "The area in square metres.", required=False),
        FileColumn("residents", integer(0, 999), "The number of residents.", required=False),
        FileColumn("rooms", integer(1, 99), "The number of rooms.", required=False),
        FileColumn(
            "closed_on",
            DAY,
            "The last day of the account, on which a reading is taken.",
            required=False,
        ),
        FileColumn(
            "as_of",
            MOMENT,
            "The moment of the row's data; if empty, that of the import (`--as-of`). A row "
            "older than the cabinet's data changes nothing.",
            required=False,
            target="data_as_of",
            default="current_setting('lk.as_of')::timestamptz",
        ),
        *_HOLDER,
    ),
    key=("number",),
    checks=(
        as_of_check("data_as_of"),
        # they hide all data of earlier days; a sale may be known beforehand
        day_check("holder_since", "366"),
        day_check("contract_signed_on", "366"),
        NEW_NUMBER_CHECK,
        RowCheck(
            "REQUIRED",
            "holder_first_name",
            "r.holder_last_name IS NOT NULL AND r.holder_first_name IS NULL",
        ),
        RowCheck(
            "REQUIRED",
            "holder_last_name",
            "r.holder_first_name IS NOT NULL AND r.holder_last_name IS NULL",
        ),
    ),
    unique=("unified_number",),
    computed=(
        Computed(
            "visible_days",
            "CASE WHEN y.holder_last_name IS NOT NULL THEN"
            " datemultirange(daterange(coalesce(y.holder_since, y.contract_signed_on), NULL)) END",
            is_compared=False,
        ),
    ),
    stamp="data_as_of",
    export_joins="LEFT JOIN holder h ON h.account_id = t.id AND h.until IS NULL",
)

_CLOSED = """
SELECT t.id AS account_id FROM row_accounts r JOIN account t ON t.id = r.id
WHERE NOT r.is_stale AND r.closed_on < coalesce(t.closed_on, 'infinity')
"""

ACCOUNTS = ImportFormat(
    ImportKind.ACCOUNTS,
    "Accounts and their holders",
    (_ACCOUNTS,),
    set_checks=(zeros_lost("accounts", "account", "number"),),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.HOLDER_CHANGED,
            "the holder is another person: every link is suspended, with a mail and a "
            "notice; or the holder's first day is later: data of earlier days are no "
            "longer shown",
        ),
        DrasticChange(
            ImportChangeKind.ACCOUNT_CLOSED, "the account closes, or earlier than known", _CLOSED
        ),
    ),
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
        "register is never deleted, because readings refer to it."
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
    ),
    key=("meter_id", "zone"),
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

_SAME_PLACE = """
SELECT r.file, r.line, r.position::text AS value FROM row_registers r
JOIN row_registers o ON o.meter_id = r.meter_id AND o.position = r.position AND o.zone <> r.zone
UNION SELECT r.file, r.line, r.position::text FROM row_registers r
JOIN register g ON g.meter_id = r.meter_id AND g.position = r.position AND g.zone <> r.zone
WHERE NOT r.is_stale AND NOT EXISTS (SELECT FROM row_registers o
    WHERE o.meter_id = g.meter_id AND o.zone = g.zone)
"""
"""Registers with the position of another one in the file, or of an existing one that isn't in it.

The query is a UNION because PostgreSQL can't turn an EXISTS under OR into a join.
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
        SetCheck("registers", "DUPLICATE", "position", _SAME_PLACE),
    ),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.METERS_REMOVED,
            "the account loses its last meter, so that no readings can be sent",
            _LAST_REMOVED,
        ),
    ),
)
