"""Columns and look-ups that several kinds of files have."""

from lk_graphql.exchange.service.records import Check, Column, Records, Reference
from lk_graphql.exchange.service.values import MOMENT, MONEY, choice, text
from lk_graphql.metering.models import Zone

ACCOUNT_COLUMN = Column(
    "account", text(20), "The account's number («лицевой счёт»), with leading zeros.", into=None
)
OF_ACCOUNT = Reference(
    "account_id", ("account",), "SELECT id, number AS account FROM account", "ACCOUNT_UNKNOWN"
)
METER_COLUMN = Column("meter", text(40), "The meter's serial number.", into=None)
ZONE_COLUMN = Column("zone", choice(Zone), "The register's time of day («тарифная зона»).")
REGISTER_ZONE_COLUMN = Column(
    "zone", choice(Zone), "The register's time of day («тарифная зона»).", into=None
)
OF_REGISTER = Reference(
    "register_id",
    ("account", "meter", "zone"),
    "SELECT g.id, a.number AS account, m.serial AS meter, g.zone FROM register g"
    " JOIN meter m ON m.id = g.meter_id JOIN account a ON a.id = m.account_id",
    "REGISTER_UNKNOWN",
)
ANSWERED_COLUMN = Column(
    "as_of",
    MOMENT,
    "When billing has answered; without it, as of the import (`--as-of`).",
    required=False,
    default="current_setting('lk.as_of')::timestamptz",
)

BALANCES = Records(
    name="balances",
    table="account_balance",
    says="What accounts owe or have paid ahead («сальдо»), as a snapshot. An older one than the"
    " cabinet has changes nothing; what is open of each bill follows from it.",
    columns=(
        ACCOUNT_COLUMN,
        Column("debt", MONEY, "Owed for energy, without penalty («задолженность»)."),
        Column("penalty", MONEY, "Owed as penalty («пени»)."),
        Column("overpayment", MONEY, "Paid ahead («переплата»)."),
        Column(
            "as_of",
            MOMENT,
            "The moment of the snapshot; without it, that of the import (`--as-of`).",
            required=False,
            default="current_setting('lk.as_of')::timestamptz",
        ),
    ),
    key=("account_id",),
    references=(OF_ACCOUNT,),
    checks=(
        Check("NEGATIVE", "debt", "r.debt < 0"),
        Check("NEGATIVE", "penalty", "r.penalty < 0"),
        Check("NEGATIVE", "overpayment", "r.overpayment < 0"),
        Check(
            "DEBT_AND_OVERPAYMENT", "overpayment", "r.debt + r.penalty > 0 AND r.overpayment > 0"
        ),
    ),
    stamp="as_of",
    sums=("debt", "penalty", "overpayment"),
)
