"""The card of an account for staff: meters, readings, bills and money as the customer sees them."""

from datetime import date, datetime

import strawberry

from lk_graphql.api.graphql_types import input_type, object_type
from lk_graphql.api.mutation import errors, outcome
from lk_graphql.backoffice.types.customers import StaffAccount, StaffReading
from lk_graphql.billing import models as billing
from lk_graphql.billing.service import invoices
from lk_graphql.billing.types.objects import InvoiceLineFields, InvoicePenalty, month_total
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.pasted_text import identifier
from lk_graphql.kit.viewer import Role
from lk_graphql.metering import models as metering
from lk_graphql.metering.service import verification
from lk_graphql.metering.service.checks import ReadingEntry
from lk_graphql.metering.service.submission import ReadingsForm
from lk_graphql.metering.service.verification import VerificationWarning
from lk_graphql.metering.types.payloads import ReadingError
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import at_most, exactly, filter_input, is_set
from lk_graphql.planner.declare.scalars import Money, Period, Quantity
from lk_graphql.planner.types import (
    Node,
    StaffOnly,
    column,
    expression,
    latest,
    pages,
    reads,
    related,
)
from lk_graphql.staff import models as staff
from lk_graphql.staff.types.objects import StaffError, StaffMember

CLERK = StaffOnly(Role.CLERK)


@reads(metering.Register, prefix="srg", owned_through=CLERK)
class StaffRegister(Node):
    """One of a meter's counters («шкала»)."""

    zone: metering.Zone = column("When it counts.")
    label: str = column("What the display calls it («T1»).")
    digits: int = column("How many digits stand before the decimal point.")
    fraction_digits: int = column("How many digits stand behind it.")
    last_reading: StaffReading | None = latest(
        "The newest accepted one; null before the first.",
        of="readings",
        by="taken_on",
        where={"state": metering.ReadingState.ACCEPTED.value},
    )
    readings: Connection[StaffReading] = pages(
        "All of them, whatever became of them, newest first.", by="-taken_on"
    )


@reads(metering.Meter, prefix="smt", owned_through=CLERK, audits="account")
class StaffMeter(Node):
    """A meter of the account («прибор учёта»)."""

    serial: str = column("The factory's number («заводской номер»).")
    model: str = column("The type («тип прибора учёта»).")
    ratio: Quantity = column("What readings are multiplied by («коэффициент трансформации»).")
    installed_on: date = column("When it was installed.")
    removed_on: date | None = column("When it was taken away; null while it counts.")
    next_verification_on: date | None = column("When it has to be verified again («поверка»).")
    verification_warning: VerificationWarning | None = expression(
        "A warning, from 60 days before; null while there is nothing to do.",
        sql=verification.WARNING_IN_SQL,
        python=verification.warning,
    )
    seal_number: str | None = column("The seal's number («номер пломбы»).")
    reports_itself: bool = column("Whether it sends its readings itself («АСКУЭ»).")
    registers: list[StaffRegister] = related("Its counters.", order_by="position")


@reads(billing.InvoiceLine, owned_through=CLERK)
class StaffInvoiceLine(InvoiceLineFields):
    """What was charged for one zone and range, or recalculated and why."""


@reads(billing.Invoice, prefix="siv", owned_through=CLERK, audits="account")
class StaffInvoice(Node):
    """A bill as the customer sees it («счёт»)."""

    number: str = column("The document's number.")
    period: Period = column("The month that is billed («расчётный период»).")
    issued_on: date = column("When it was issued.")
    due_on: date = column("The last day to pay without penalty.")
    opening_balance: Money = column("Owed when the month began («входящее сальдо»).")
    charged: Money = column("For the month's energy («начислено»).")
    recalculated: Money = column("Corrections of earlier months («перерасчёт»).")
    penalty: Money = column("For paying late («пени»).")
    total: Money = expression(
        "What the month comes to: charged, recalculated and penalty («итого за период»).",
        sql="{charged} + {recalculated} + {penalty}",
        python=month_total,
    )
    paid: Money = column("Received during the month («оплачено»).")
    closing_balance: Money = column("Owed when the month ended («исходящее сальдо»).")
    unpaid: Money = column("What is open of `total` in the billing system's books.")
    processing: Money = expression(
        "What of `unpaid` was paid in the cabinet and isn't posted yet («в обработке»).",
        sql=invoices.INVOICE_PROCESSING_IN_SQL,
    )
    amount_due: Money = expression(
        "What is to pay of `total` now («к оплате»).", sql=invoices.INVOICE_DUE_IN_SQL
    )
    status: invoices.InvoiceStatus = expression(
        "Whether it is still to pay.", sql=invoices.STATUS_IN_SQL
    )
    consumption_kwh: Quantity = column("Kilowatt-hours of the month, all zones («расход»).")
    lines: list[StaffInvoiceLine] = related("What was charged, line by line.", order_by="position")
    penalties: list[InvoicePenalty] = related("How the penalty came about.", order_by="position")


@reads(billing.ReceivedPayment, owned_through=CLERK)
class StaffReceivedPayment:
    """Money that the billing system has posted («оплата»)."""

    paid_on: date = column("The day of the payment.")
    amount: Money = column("How much; below zero for money given back.")
    agent: str = column("Through whom it came.")
    external_id: str = column("Its number in the billing system, or that of our registry.")
    data_as_of: datetime | None = column("As of when billing has told of it.")


@reads(staff.Callback, prefix="scb", owned_through=CLERK, audits="account")
class StaffCallback(Node):
    """A promise to call back («обратный звонок»)."""

    due_on: date = column("By which day.")
    text: str = column("What it is about, and whom to call.")
    member: StaffMember = related("Who has promised it.")
    created_at: datetime = column("When.")
    done_at: datetime | None = column("When somebody called; null while it is open.")
    done_by: StaffMember | None = related("Who called.")
    result: str | None = column("What came of it.")
    account: StaffAccount = related("About which account.")


@filter_input
class StaffCallbackFilterInput:
    """Which callbacks to show."""

    account_number: str | None = exactly(
        "Only about this account.", of="account__number", read=identifier
    )
    member_id: strawberry.ID | None = exactly("Only what this colleague promised.", of="member_id")
    due_to: date | None = at_most("Only those due by this day.", of="due_on")
    is_done: bool | None = is_set("Whether somebody has called.", of="done_at")


@input_type
class StaffReadingEntryInput:
    """What a register shows."""

    register_id: strawberry.ID = strawberry.field(description="From `staff.account.meters`.")
    value: Quantity = strawberry.field(description="Kilowatt-hours, as the display shows them.")

    def to_command(self) -> ReadingEntry:
        return ReadingEntry(key_of(self.register_id, "srg"), self.value)


@input_type
class StaffReadingsTakeInput:
    """Readings that a caller tells («показания по телефону»)."""

    account_id: strawberry.ID = strawberry.field(description="From `staff.account`.")
    caller: str = strawberry.field(description="Who is calling; 2 to 150 characters.")
    entries: list[StaffReadingEntryInput] = strawberry.field(
        description="What the registers show; at most `publicSettings.mostReadings`."
    )
    is_confirmed: bool = strawberry.field(
        default=False,
        description="Whether the caller has looked again and an unusual value is right: it is put "
        "on review then.",
    )
    allow_partial: bool = strawberry.field(
        default=False, description="Take a meter's zones although others are missing."
    )
    idempotency_key: str = strawberry.field(
        description="1 to 100 printable ASCII characters of your choice: a repeat with the same "
        "key takes nothing twice."
    )

    def to_command(self) -> ReadingsForm:
        entries = [entry.to_command() for entry in self.entries]
        return ReadingsForm(
            key_of(self.account_id, "sac"), entries, is_partial=self.allow_partial, is_atomic=True
        )


@object_type
class StaffReadingsTakePayload:
    """What became of a caller's readings: all were taken, or none."""

    readings: list[StaffReading] | None = outcome("The readings, in the order of the entries.")
    errors: list[ReadingError] = errors()


@input_type
class StaffCallbackCreateInput:
    """A promise to call back."""

    account_id: strawberry.ID = strawberry.field(description="From `staff.account`.")
    due_on: date = strawberry.field(description="By which day; today or later, within a year.")
    text: str = strawberry.field(description="What about, and whom to call: 1 to 1000 characters.")


@object_type
class StaffCallbackCreatePayload:
    """What became of a promise."""

    callback: StaffCallback | None = outcome("The promise.")
    errors: list[StaffError] = errors()


@input_type
class StaffCallbackDoneInput:
    """A call that was made."""

    callback_id: strawberry.ID = strawberry.field(description="From `staff.callbacks`.")
    result: str = strawberry.field(description="What came of it: 1 to 300 characters.")


@object_type
class StaffCallbackDonePayload:
    """What became of a callback."""

    callback: StaffCallback | None = outcome("The callback, done.")
    errors: list[StaffError] = errors()


@input_type
class StaffReceiptSendInput:
    """A receipt, and to whom to mail it."""

    invoice_id: strawberry.ID = strawberry.field(description="From `staff.account.invoices`.")
    customer_id: strawberry.ID = strawberry.field(
        description="Who gets it: somebody who has linked the account."
    )


@object_type
class StaffReceiptSendPayload:
    """What became of a receipt."""

    sent_to: str | None = outcome("The address that it goes to, most of it hidden.")
    errors: list[StaffError] = errors()
