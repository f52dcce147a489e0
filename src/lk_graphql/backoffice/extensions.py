"""Fields that the back office adds to `User`, `StaffCustomer` and `StaffAccount`."""

from lk_graphql.backoffice.types.accounts import (
    StaffCallback,
    StaffInvoice,
    StaffMeter,
    StaffReceivedPayment,
)
from lk_graphql.backoffice.types.appeals import StaffAppeal
from lk_graphql.backoffice.types.customers import StaffAccount, StaffCustomer
from lk_graphql.backoffice.types.notices import StaffNotice
from lk_graphql.backoffice.types.payments import StaffPayment, StaffPaymentDifference
from lk_graphql.billing.types.objects import AccountBalance
from lk_graphql.identity.types.objects import User
from lk_graphql.metering.types.objects import MonthlyConsumption
from lk_graphql.metering.types.window import ReadingWindow
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages, part, related
from lk_graphql.staff.types.objects import AccessNote


@extends(User)
class UserAccessLog:
    """Staff access to the customer's data."""

    access_log: Connection[AccessNote] = pages(
        "Accesses of staff to the customer's data, with reasons («журнал доступа»), the newest "
        "first.",
        of="access_notes",
        by="-happened_at",
    )


@extends(StaffCustomer)
class StaffCustomerPayments:
    """Payments of the customer."""

    payments: Connection[StaffPayment] = pages(
        "Payments of the customer in the cabinet, the newest first.", by="-created_at"
    )


@extends(StaffCustomer)
class StaffCustomerNotices:
    """Notices to the customer."""

    notices: Connection[StaffNotice] = pages(
        "Notices to the customer, the newest first.", by="-created_at"
    )


@extends(StaffAccount)
class StaffAccountMeters:
    """Meters and readings of the account."""

    meters: list[StaffMeter] = related(
        "All meters of the account, including removed ones.", order_by="serial"
    )
    consumption: Connection[MonthlyConsumption] = pages(
        "The consumption by month, the newest first («расход»).", by="-period"
    )
    reading_window: ReadingWindow = part("The submission window for readings of the account.")


@extends(StaffAccount)
class StaffAccountMoney:
    """Bills and money of the account, as the customer sees them."""

    balance: AccountBalance | None = related(
        "The amounts owed, paid in advance and in processing; null before billing has sent them "
        "(«сальдо»)."
    )
    invoices: Connection[StaffInvoice] = pages(
        "The bills of the account, the newest first («счета»).", by="-period"
    )
    received_payments: Connection[StaffReceivedPayment] = pages(
        "Payments posted by billing, the newest first («оплаты»).", by="-paid_on"
    )
    payments: Connection[StaffPayment] = pages(
        "Payments to the account in the cabinet, the newest first.",
        of="payment_parts__payment",
        by="-created_at",
    )
    payment_differences: Connection[StaffPaymentDifference] = pages(
        "Movements of this account that billing has posted differently, including settled "
        "differences, the newest first («расхождения»).",
        of="registry_rows__differences",
        by="-found_at",
    )
    acquirer_differences: Connection[StaffPaymentDifference] = pages(
        "Differences of these payments with the acquirer, including settled ones, the newest "
        "first; each concerns a whole payment.",
        of="payment_parts__payment__differences",
        by="-found_at",
        where={"registry_row_id": None},
    )


@extends(StaffAccount)
class StaffAccountContacts:
    """Appeals and promised callbacks about the account."""

    appeals: Connection[StaffAppeal] = pages(
        "Appeals about the account, the newest first, without those of hidden authors.",
        by="-created_at",
        where={"hides_name": False},
    )
    callbacks: Connection[StaffCallback] = pages(
        "Promised callbacks, the newest first («обратные звонки»).", by="-created_at"
    )
