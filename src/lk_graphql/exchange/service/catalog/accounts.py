"""Import files of accounts, meters, readings and answers to appeals."""

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.exchange.models import Answer, ImportKind
from lk_graphql.exchange.service.records import (
    ACCOUNT_COLUMN,
    ANSWERED_COLUMN,
    DAY,
    KEY,
    METER_COLUMN,
    MOMENT,
    MONTH,
    OF_ACCOUNT,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    YES_NO,
    ZONE_COLUMN,
    Check,
    Column,
    Computed,
    Kind,
    Part,
    Records,
    SetCheck,
    choice,
    decimal,
    integer,
    matching,
    text,
)
from lk_graphql.metering.models import ReadingSource, ReadingState

_HOLDER = (
    Column(
        "holder_last_name",
        text(60),
        "Who the contract is with («абонент»): the last name. Another person than before suspends"
        " every login's link to the account until staff decide. Without it, all stays.",
        required=False,
        into=None,
        shown="h.last_name",
    ),
    Column(
        "holder_first_name",
        text(60),
        "The first name, or its initial.",
        required=False,
        into=None,
        shown="h.first_name",
    ),
    Column(
        "holder_patronymic",
        text(60),
        "The patronymic, or its initial; without it, the one that is known stays.",
        required=False,
        into=None,
        shown="h.patronymic",
    ),
    Column(
        "holder_since",
        DAY,
        "Since when; without it, since the contract was signed.",
        required=False,
        into=None,
        shown="h.since::text",
    ),
)

_ACCOUNTS = Records(
    name="accounts",
    table="account",
    says="Personal accounts («лицевые счета») and their holders. Accounts are never deleted: one"
    " that ended gets a day in `closed_on`.",
    columns=(
        Column("number", matching("[0-9A-Za-z]{1,20}", "up to 20 digits"), "With leading zeros."),
        Column(
            "unified_number",
            matching("[0-9]{2}[A-ZА-Я]{2}[0-9]{6}", "like `80AB123456`", typed="upper({c})"),
            "The ЕЛС of ГИС ЖКХ.",
            required=False,
        ),
        Column(
            "subscriber_type",
            choice(SubscriberType),
            "A household unless it is said otherwise («тип абонента»).",
            required=False,
            default="'HOUSEHOLD'",
        ),
        Column("contract_number", text(40), "The contract's number («номер договора»)."),
        Column("contract_signed_on", DAY, "When it was signed."),
        Column("address", text(300), "The address as bills print it."),
        Column("fias_house_id", KEY, "The house in ФИАС/ГАР (a UUID).", required=False),
        Column("flat", text(20), "The flat («квартира»).", required=False),
        Column("house_kind", choice(HouseKind), "A block of flats, or a house of its own."),
        Column("tariff_category", choice(TariffCategory), "What decides the tariff."),
        Column(
            "has_range_privilege",
            YES_NO,
            "Whether everything goes at the first range's price («многодетные»).",
            required=False,
            default="false",
        ),
        Column("area_m2", decimal(6, 2), "Square metres.", required=False),
        Column("residents", integer(0, 999), "How many people live there.", required=False),
        Column("closed_on", DAY, "The account's last day.", required=False),
        Column(
            "as_of",
            MOMENT,
            "As of when this is; without it, as of the import (`--as-of`). An older row than the"
            " cabinet has changes nothing.",
            required=False,
            into="data_as_of",
            default="current_setting('lk.as_of')::timestamptz",
        ),
        *_HOLDER,
    ),
    key=("number",),
    checks=(
        Check(
            "REQUIRED",
            "holder_first_name",
            "r.holder_last_name IS NOT NULL AND r.holder_first_name IS NULL",
        ),
        Check(
            "REQUIRED",
            "holder_last_name",
            "r.holder_first_name IS NOT NULL AND r.holder_last_name IS NULL",
        ),
    ),
    unique=("unified_number",),
    stamp="data_as_of",
    shown_from="LEFT JOIN holder h ON h.account_id = t.id AND h.until IS NULL",
)

ACCOUNTS = Kind(ImportKind.ACCOUNTS, "Accounts and their holders", (_ACCOUNTS,))


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


_SAID_SINCE = """
y.source = 'CUSTOMER' AND EXISTS (SELECT FROM reading g WHERE g.register_id = y.register_id
    AND g.period = y.period AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER'
    AND g.data_as_of > current_setting('lk.as_of')::timestamptz)
"""
"""A newer file has told of another day for the customer's reading of the month."""

_READINGS = Records(
    name="readings",
    table="reading",
    says="Readings («показания») that count: of controllers, of smart meters, estimated, and those"
    " of customers that came another way than through the cabinet.",
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        Column("value", decimal(9, 3), "What the register showed, in kWh."),
        Column("taken_on", DAY, "When it was read."),
        Column("period", MONTH, "The month for which it is billed."),
        Column("source", choice(ReadingSource), "Who read it."),
    ),
    key=("register_id", "taken_on", "period"),
    known_where="t.state = 'ACCEPTED'",
    stamp="data_as_of",
    stale_where=_SAID_SINCE,
    references=(OF_REGISTER,),
    computed=(
        Computed("state", "'ACCEPTED'"),
        Computed("received_at", "current_setting('lk.as_of')::timestamptz", is_compared=False),
    ),
)

_READING_ANSWERS = Records(
    name="reading_answers",
    table="acknowledgement",
    says="Billing's answers to what `lk export readings` has written, by the same keys. What isn't"
    " answered is exported again.",
    columns=(
        Column("reading", KEY, "The reading's key, as it was exported.", into="subject_id"),
        Column(
            "state",
            choice(ReadingState),
            "The reading's state, as it was exported: it may have changed since.",
            into="subject_state",
        ),
        Column(
            "answer",
            choice(Answer),
            "Received; or, of one on review, accepted; or rejected, of which the customer is told.",
        ),
        Column("reason", text(300), "Why it is rejected; the customer reads it.", required=False),
        ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    known_where="t.kind = 'READING'",
    computed=(Computed("kind", "'READING'"),),
    checks=(Check("REQUIRED", "reason", "r.answer = 'REJECTED' AND r.reason IS NULL"),),
    stamp="as_of",
)

_NO_SUCH_READING = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_reading_answers r
WHERE NOT EXISTS (SELECT FROM reading g WHERE g.id = r.subject_id)
"""
_ANOTHER_COUNTS = """
SELECT r.file, r.line, r.source AS value FROM row_readings r
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND (
    EXISTS (SELECT FROM reading g WHERE g.register_id = r.register_id AND g.period = r.period
        AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER' AND g.id <> r.id
        AND g.data_as_of < r.data_as_of IS NOT TRUE)
    OR EXISTS (SELECT FROM row_readings o WHERE o.register_id = r.register_id
        AND o.period = r.period AND o.source = 'CUSTOMER' AND o.taken_on > r.taken_on)
)
"""
"""Of a customer's readings of a register and month one counts: the last that billing has told of,
unless one was sent here."""

READINGS = Kind(
    ImportKind.READINGS,
    "Readings, and answers to those of customers",
    (_READINGS, _READING_ANSWERS),
    set_checks=(
        SetCheck("readings", "ANOTHER_COUNTS", "source", _ANOTHER_COUNTS),
        SetCheck("reading_answers", "READING_UNKNOWN", "reading", _NO_SUCH_READING),
    ),
)


_APPEAL_ANSWERS = Records(
    name="appeal_answers",
    table="acknowledgement",
    says="Messages that billing has received, by the keys that `lk export appeals` has written. The"
    " others are exported again. The customer is answered in the back office, not here.",
    columns=(
        Column("message", KEY, "The message's key, as it was exported.", into="subject_id"),
        ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    known_where="t.kind = 'APPEAL_MESSAGE'",
    computed=(Computed("kind", "'APPEAL_MESSAGE'"), Computed("answer", "'RECEIVED'")),
    stamp="as_of",
)

_NO_SUCH_MESSAGE = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_appeal_answers r
WHERE NOT EXISTS (SELECT FROM appeal_message m WHERE m.id = r.subject_id AND m.direction = 'SENT')
"""

APPEALS = Kind(
    ImportKind.APPEALS,
    "Answers to what customers have written",
    (_APPEAL_ANSWERS,),
    set_checks=(SetCheck("appeal_answers", "MESSAGE_UNKNOWN", "message", _NO_SUCH_MESSAGE),),
)
