"""What billing has received."""

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.catalog.shared import ACCOUNT_COLUMN, BALANCES, OF_ACCOUNT
from lk_graphql.exchange.service.records import (
    Check,
    Column,
    Kind,
    Records,
    Sought,
)
from lk_graphql.exchange.service.values import DAY, MONEY, text

_PAYMENTS = Records(
    name="payments",
    table="received_payment",
    says="Money that billing has posted («оплаты»). It changes no balance by itself: send"
    " `balances` along.",
    columns=(
        ACCOUNT_COLUMN,
        Column(
            "external_id",
            text(60),
            "Billing's number of the payment, for ever the same; of one that was made in the"
            " cabinet the number that `lk export payments` has written, which acknowledges it.",
        ),
        Column("paid_on", DAY, "The day of the payment."),
        Column("amount", MONEY, "How much."),
        Column("agent", text(100), "Through whom it came: a bank, the post office, the cabinet."),
    ),
    key=("external_id",),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    sought=(
        Sought(
            "invoice_id",
            "SELECT i.id FROM invoice i WHERE i.account_id = x.account_id"
            " AND i.period = date_trunc('month', x.paid_on)::date",
        ),
    ),
    checks=(Check("NOT_POSITIVE", "amount", "r.amount <= 0"),),
    sums=("amount",),
)

PAYMENTS = Kind(ImportKind.PAYMENTS, "Received payments and balances", (_PAYMENTS, BALANCES))
