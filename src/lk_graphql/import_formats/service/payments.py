"""Import files of received payments."""

from lk_graphql.import_formats.service.balances import BALANCES, balance_cleared
from lk_graphql.import_formats.service.columns import ACCOUNT_COLUMN, OF_ACCOUNT, day_check
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    DrasticChange,
    FileColumn,
    ImportFormat,
    Lookup,
    Records,
)
from lk_graphql.import_formats.service.set_checks import exported_otherwise, zeros_lost
from lk_graphql.tabular.value_formats import DAY, MONEY, identifier, text

_PAYMENTS = Records(
    name="payments",
    table="received_payment",
    description="Payments that billing has posted («оплаты»). They don't change balances by "
    "themselves: import `balances` too. A row is the total posted under its number: a "
    "payment posted in parts is sent again with their sum, a reversed one with 0.",
    columns=(
        ACCOUNT_COLUMN,
        FileColumn(
            "external_id",
            identifier(60),
            "Billing's permanent number of the payment; for one made in the cabinet, the "
            "number that `lk export payments` has written. With the exported account and "
            "amount it acknowledges the payment; with others it is a difference for staff.",
        ),
        FileColumn("paid_on", DAY, "The day of the payment."),
        FileColumn(
            "amount", MONEY, "The amount; negative for a refund, 0 if nothing is posted any more."
        ),
        FileColumn(
            "agent", text(100), "The channel of the payment: a bank, the post office, the cabinet."
        ),
    ),
    key=("external_id",),
    stamp="data_as_of",
    references=(OF_ACCOUNT,),
    lookups=(
        Lookup(
            "invoice_id",
            "SELECT i.id FROM invoice i WHERE i.account_id = x.account_id"
            " AND i.period = date_trunc('month', x.paid_on)::date",
        ),
    ),
    checks=(day_check("paid_on"),),
    sums=("amount",),
)
_PAYMENT_MOVED = """
SELECT t.account_id FROM row_payments r JOIN received_payment t ON t.id = r.id
WHERE NOT r.is_stale AND (t.account_id <> r.account_id OR r.amount < t.amount)
"""
PAYMENTS = ImportFormat(
    ImportKind.PAYMENTS,
    "Received payments and balances",
    (_PAYMENTS, BALANCES),
    set_checks=(
        zeros_lost(
            "payments", "received_payment", "external_id", same="t.account_id = r.account_id"
        ),
        exported_otherwise("payments", "external_id", table="registry_row", exported="number"),
    ),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.PAYMENT_MOVED,
            "a payment is moved to another account, or reduced",
            _PAYMENT_MOVED,
        ),
        balance_cleared(has_bills=False),
    ),
    divided_by="account_id",
)
