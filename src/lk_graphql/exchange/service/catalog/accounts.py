"""Accounts and who holds them."""

from lk_graphql.accounts.models import HouseKind, SubscriberType, TariffCategory
from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.records import Check, Column, Kind, Records
from lk_graphql.exchange.service.values import (
    DAY,
    KEY,
    MOMENT,
    YES_NO,
    choice,
    decimal,
    integer,
    matching,
    text,
)

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
