"""Import files of accounts and meters."""

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.exchange.models import ImportChangeKind, ImportKind
from lk_graphql.exchange.service.records import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    NEW_NUMBER_CHECK,
    NUMBER_COLUMN,
    OF_ACCOUNT,
    ZONE_COLUMN,
    ChildOf,
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    SetCheck,
    as_of_check,
    day_check,
    spelt_otherwise,
    zeros_lost,
)
from lk_graphql.kit.value_formats import (
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
        "Who the contract is with («абонент»): the last name. Another person than before suspends"
        " every login's link to the account until staff decide. Without it, all stays.",
        required=False,
        target=None,
        exported_as="h.last_name",
    ),
    FileColumn(
        "holder_first_name",
        person_name(60),
        "The first name, or its initial.",
        required=False,
        target=None,
        exported_as="h.first_name",
    ),
    FileColumn(
        "holder_patronymic",
        person_name(60),
        "The patronymic, or its initial; without it, the one that is known stays.",
        required=False,
        target=None,
        exported_as="h.patronymic",
    ),
    FileColumn(
        "holder_since",
        DAY,
        "Since when; without it, since the contract was signed. What is of a day before is not"
        " shown to this holder. Another day for the same person corrects it.",
        required=False,
        target=None,
        exported_as="h.since::text",
    ),
)

_ACCOUNTS = Records(
    name="accounts",
    table="account",
    description="Personal accounts («лицевые счета») and their holders. Accounts are never deleted:"
    " one that ended gets a day in `closed_on`.",
    columns=(
        NUMBER_COLUMN,
        FileColumn(
            "unified_number",
            matching("[0-9]{2}[A-ZА-Я]{2}[0-9]{6}", "like `80AB123456`", cast_sql="upper({c})"),
            "The ЕЛС of ГИС ЖКХ.",
            required=False,
        ),
        FileColumn(
            "subscriber_type",
            choice(SubscriberType),
            "A household unless it is said otherwise («тип абонента»).",
            required=False,
            default="'HOUSEHOLD'",
        ),
        FileColumn("contract_number", identifier(40), "The contract's number («номер договора»)."),
        FileColumn("contract_signed_on", DAY, "When it was signed."),
        FileColumn("address", text(300), "The address as bills print it."),
        FileColumn("fias_house_id", KEY, "The house in ФИАС/ГАР (a UUID).", required=False),
        FileColumn("flat", identifier(20), "The flat («квартира»).", required=False),
        FileColumn("house_kind", choice(HouseKind), "A block of flats, or a house of its own."),
        FileColumn("tariff_category", choice(TariffCategory), "What decides the tariff."),
        FileColumn(
            "has_range_privilege",
            BOOLEAN,
            "Whether everything goes at the first range's price («многодетные»).",
            required=False,
            default="false",
        ),
        FileColumn("area_m2", decimal(6, 2), "Square metres.", required=False),
        FileColumn("residents", integer(0, 999), "How many people live there.", required=False),
        FileColumn("rooms", integer(1, 99), "How many rooms it has.", required=False),
        FileColumn(
            "closed_on", DAY, "The account's last day: a reading is taken on it.", required=False
        ),
        FileColumn(
            "as_of",
            MOMENT,
            "As of when this is; without it, as of the import (`--as-of`). An older row than the"
            " cabinet has changes nothing.",
            required=False,
            target="data_as_of",
            default="current_setting('lk.as_of')::timestamptz",
        ),
        *_HOLDER,
    ),
    key=("number",),
    checks=(
        as_of_check("data_as_of"),
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
            "the holder is another person: every link is suspended, with a mail and a notice; or"
            " their time begins later: what is of the days before isn't shown any more",
        ),
        DrasticChange(
            ImportChangeKind.ACCOUNT_CLOSED, "the account closes, or earlier than known", _CLOSED
        ),
    ),
)


_METERS = Records(
    name="meters",
    table="meter",
    description="Meters («приборы учёта»). One that was taken off gets a day in `removed_on`.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("serial", identifier(40), "The serial number («заводской номер»)."),
        FileColumn("model", text(80), "The model, as its passport says."),
        FileColumn("accuracy_class", text(10), "The class of accuracy.", required=False),
        FileColumn(
            "ratio",
            decimal(6, 2),
            "What a counted kilowatt-hour stands for («коэффициент трансформации»); mostly 1.",
            required=False,
            default="1",
        ),
        FileColumn("installed_on", DAY, "When it was put in."),
        FileColumn("removed_on", DAY, "When it was taken off.", required=False),
        FileColumn("verified_on", DAY, "The last verification («поверка»).", required=False),
        FileColumn(
            "verification_interval_years",
            integer(1, 50),
            "Years between verifications («межповерочный интервал»).",
            required=False,
        ),
        FileColumn("next_verification_on", DAY, "When the next one is due.", required=False),
        FileColumn("seal_number", identifier(40), "The seal («пломба»).", required=False),
        FileColumn("sealed_on", DAY, "When it was sealed.", required=False),
        FileColumn(
            "reports_itself",
            BOOLEAN,
            "Whether it sends its readings itself (АСКУЭ, ИСУ), so that customers don't.",
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
    description="The counters of the meters in the same import, a row each («тарифные зоны»). A"
    " register is never deleted, for its readings' sake.",
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        ZONE_COLUMN,
        FileColumn("position", integer(1, 9), "Its place on the display, from 1."),
        FileColumn("label", text(10), "What the display shows, such as `T1`."),
        FileColumn("digits", integer(1, 9), "Digits before the point («разрядность»)."),
        FileColumn(
            "fraction_digits",
            integer(0, 3),
            "Digits after the point; mostly 0.",
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
"""Registers with the position of another in the file, or of an existing one that the file lacks.

It is a UNION because PostgreSQL can't turn an EXISTS under OR into a join.
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
