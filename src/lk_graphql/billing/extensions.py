"""Fields that billing adds to `Account` and `PublicSettings`."""

from typing import Any

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.context import Info
from lk_graphql.billing.service.invoices import STATUS_SQL, InvoiceStatus
from lk_graphql.billing.service.requisites import supplier_on
from lk_graphql.billing.types.objects import AccountBalance, Invoice, ReceivedPayment, Supplier
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import at_least, at_most, filter_input, one_value_of
from lk_graphql.planner.declare.scalars import Period
from lk_graphql.planner.types import declaration, extends, pages, recent, related


@filter_input
class InvoiceFilterInput:
    """Filters of bills; omitted fields filter nothing."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")
    status: list[InvoiceStatus] | None = one_value_of(
        "The statuses to match; unpaid bills are PARTLY_PAID, DUE and OVERDUE.",
        sql=STATUS_SQL,
    )


@extends(Account)
class AccountBilling:
    """Balance, invoices and received payments of an account."""

    balance: AccountBalance | None = related(
        "The debt or advance of the account; null until the billing system has reported it."
    )
    invoices: list[Invoice] = recent(
        "The bills of the last months, newest first («счета за последние отчётные периоды»); there "
        "is one for each month, six of which are usually shown.",
        by="period",
        first=6,
    )
    invoice_archive: Connection[Invoice] = pages(
        "All bills, newest first («архив счетов»); `last` and `before` begin with the oldest.",
        of="invoices",
        by="-period",
        filters=InvoiceFilterInput,
    )
    payments: Connection[ReceivedPayment] = pages(
        "All payments that billing has posted, newest first («оплаты»).",
        of="received_payments",
        by="-paid_on",
    )


@extends(User)
class UserInvoices:
    """Invoices of all accounts of the customer."""

    invoices: Connection[Invoice] = pages(
        "The bills of all linked accounts, newest first; unpaid ones by `where`.",
        of="account_links__account__invoices",
        by="-period",
        filters=InvoiceFilterInput,
    )


@extends(PublicSettings)
class BillingSettings:
    """The supplier to pay."""

    @strawberry.field(
        description="The supplier to pay today («реквизиты»); null until the operator has "
        "published the requisites."
    )
    async def supplier(self, info: Info) -> Supplier | None:
        supplier = await supplier_on(info.context.today)
        rows: Any = await info.context.rows.owned(
            declaration(Supplier), [supplier.id] if supplier else []
        )
        return next(iter(rows.values()), None)
