"""Fields that payments add to `User` and `AccountBalance`."""

from lk_graphql.billing.types.objects import AccountBalance
from lk_graphql.identity.types.objects import User
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.scalars import Money
from lk_graphql.planner.types import aggregate, expression, extends, pages

WAITING = """
coalesce((SELECT sum(waiting.amount - waiting.posted_amount) FROM registry_row waiting
WHERE waiting.account_id = {account_id} AND waiting.posted_at IS NULL), 0)"""


@extends(User)
class UserPayments:
    """Payments of the user."""

    payments: Connection[Payment] = pages(
        "The payments that this person has made here, newest first («мои платежи»).",
        by="-created_at",
    )


@extends(AccountBalance)
class BalanceInProcessing:
    """Amounts that billing hasn't posted yet."""

    amount_due: Money = expression(
        "To pay: debt and penalty, less what is `processing` («к оплате»). Never negative.",
        sql=f"greatest(0, {{debt}} + {{penalty}} - {WAITING})",
    )
    processing: Money = aggregate(
        "Paid in the cabinet and not posted by the billing system yet («в обработке»); negative "
        "while a refund is on its way to it.",
        of="account__registry_rows",
        sql="coalesce(sum({amount} - {posted_amount}), 0)",
        where="{posted_at} IS NULL",
    )
