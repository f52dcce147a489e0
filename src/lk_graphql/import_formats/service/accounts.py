"""Import files of accounts and their holders."""

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.import_formats.service.columns import (
    NEW_NUMBER_CHECK,
    NUMBER_COLUMN,
    as_of_check,
    day_check,
)
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
)
from lk_graphql.import_formats.service.set_checks import zeros_lost
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
