"""Import files of balances, which come with bills or with payments."""

from lk_graphql.import_formats.service.columns import ACCOUNT_COLUMN, OF_ACCOUNT, as_of_check
from lk_graphql.import_formats.service.kinds import ImportChangeKind
from lk_graphql.import_formats.service.records import DrasticChange, FileColumn, Records, RowCheck
from lk_graphql.tabular.value_formats import MOMENT, MONEY

BALANCES = Records(
    name="balances",
    table="account_balance",
    description=(
        "A snapshot of the balances of accounts («сальдо»). One older than the cabinet's "
        "changes nothing; the unpaid part of each bill follows from it."
    ),
    columns=(
        ACCOUNT_COLUMN,
        FileColumn("debt", MONEY, "The debt for energy, without penalty («задолженность»)."),
        FileColumn("penalty", MONEY, "The debt for penalty («пени»)."),
        FileColumn("overpayment", MONEY, "The amount paid in advance («переплата»)."),
        FileColumn(
            "as_of",
            MOMENT,
            "The moment of the snapshot; if empty, that of the import (`--as-of`).",
            required=False,
            default="current_setting('lk.as_of')::timestamptz",
        ),
    ),
    key=("account_id",),
    references=(OF_ACCOUNT,),
    checks=(
        as_of_check(),
        RowCheck("NEGATIVE", "debt", "r.debt < 0"),
        RowCheck("NEGATIVE", "penalty", "r.penalty < 0"),
        RowCheck("NEGATIVE", "overpayment", "r.overpayment < 0"),
        RowCheck(
            "DEBT_AND_OVERPAYMENT", "overpayment", "r.debt + r.penalty > 0 AND r.overpayment > 0"
        ),
    ),
    stamp="as_of",
    sums=("debt", "penalty", "overpayment"),
)


def balance_cleared(*, has_bills: bool) -> DrasticChange:
    """Balances that become zero; `computed_balance` has the balances after the import.

    Each reason for a zero is a separate NOT EXISTS under AND. PostgreSQL turns only this
    form into joins; for any other it would read all rows of the import for each account.
    """
    cleared = (
        "SELECT b.account_id FROM account_balance b JOIN computed_balance s USING (account_id)"
        " WHERE s.debt + s.penalty + s.overpayment = 0"
    )
    received = (
        " AND NOT EXISTS (SELECT FROM received_payment p WHERE p.account_id = b.account_id"
        " AND p.paid_on > b.as_of::date - 45 AND p.amount {} 0)"
    )
    paid, given_back = received.format(">"), received.format("<=")
    billed = (
        " AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = b.account_id"
        " AND i.issued_on > b.as_of::date - 45)"
    )
    imported = " AND NOT EXISTS (SELECT FROM {} r WHERE r.account_id = b.account_id{})"
    if has_bills:
        paid += imported.format("row_invoices", " AND r.paid > 0")
        billed += imported.format("row_invoices", "")
    else:
        paid += imported.format("row_payments", " AND r.amount > 0")
        given_back += imported.format("row_payments", " AND r.amount <= 0")
    return DrasticChange(
        ImportChangeKind.BALANCE_CLEARED,
        "a debt becomes zero without a payment for 45 days, or an advance without a bill "
        "or a return",
        f"{cleared} AND b.debt + b.penalty > 0{paid}"
        f" UNION ALL {cleared} AND b.overpayment > 0{billed}{given_back}",
    )
