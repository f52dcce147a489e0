"""The card of an account for staff: meters, readings, bills and money as the customer sees them."""

from datetime import date, datetime

import strawberry

from lk_graphql.api.graphql_types import idempotency_key, input_type, object_type
from lk_graphql.api.root_fields import errors, outcome
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
    EVER,
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
    """A register of a meter («шкала»)."""

    zone: metering.Zone = column("The tariff zone in which the register counts.")
    label: str = column("The label on the display («T1»).")
    digits: int = column("The number of digits before the decimal point.")
    fraction_digits: int = column("The number of digits after the decimal point.")
    removed_on: date | None = column(
        "The last day on which it counted before its meter was set to other zones; otherwise null."
    )
    last_reading: StaffReading | None = latest(
        "The newest accepted reading; null before the first.",
        of="readings",
        by="taken_on",
        where={"state": metering.ReadingState.ACCEPTED.value},
    )
    readings: Connection[StaffReading] = pages(
        "All readings in any state, newest first.", by="-taken_on"
    )


@reads(metering.Meter, prefix="smt", owned_through=CLERK, audits="account")
class StaffMeter(Node):
    """A meter of the account («прибор учёта»)."""

    serial: str = column("The manufacturer's serial number («заводской номер»).")
    model: str = column("The type («тип прибора учёта»).")
    ratio: Quantity = column(
        "The factor by which readings are multiplied («коэффициент трансформации»)."
    )
    installed_on: date = column("The day of installation.")
    removed_on: date | None = column("The day of removal; null while the meter is in use.")
    next_verification_on: date | None = column(
        "The day on which the next verification is due («поверка»)."
    )
    verification_warning: VerificationWarning | None = expression(
        "A warning, from 60 days before the due date; null while nothing is due.",
        sql=verification.WARNING_SQL,
        python=verification.warning,
    )
    seal_number: str | None = column("The seal's number («номер пломбы»).")
    reports_itself: bool = column("Whether the meter transmits its readings itself («АСКУЭ»).")
    registers: list[StaffRegister] = related(
        "The registers of the meter; not its former ones.",
        order_by="position",
        where={"removed_on": None},
    )
    former_registers: list[StaffRegister] = related(
        "The registers that counted before the meter was set to other zones («до "
        "перепрограммирования»), with their readings.",
        of="registers",
        order_by="position",
        where={"removed_on": EVER},
    )


@reads(billing.InvoiceLine, owned_through=CLERK)
class StaffInvoiceLine(InvoiceLineFields):
    """A charge for one zone and range, or a recalculation with its reason."""


@reads(billing.Invoice, prefix="siv", owned_through=CLERK, audits="account")
class StaffInvoice(Node):
    """A bill as the customer sees it («счёт»)."""

    number: str = column("The number of the document.")
    period: Period = column("The billed month («расчётный период»).")
    issued_on: date = column("The date of issue.")
    due_on: date = column("The last day to pay without penalty.")
    opening_balance: Money = column(
        "The balance at the beginning of the month («входящее сальдо»)."
    )
    charged: Money = column("The charges for the month's energy («начислено»).")
    recalculated: Money = column("The corrections of earlier months («перерасчёт»).")
    penalty: Money = column("The penalty for late payment («пени»).")
    total: Money = expression(
        "The total of the month: charged, recalculated and penalty («итого за период»).",
        sql="{charged} + {recalculated} + {penalty}",
        python=month_total,
    )
    paid: Money = column("The amount received during the month («оплачено»).")
    closing_balance: Money = column("The balance at the end of the month («исходящее сальдо»).")
    unpaid: Money = column(
        "The unpaid part of this bill in the billing system: of `charged + recalculated`, and of "
        "`penalty`. A sum below zero reduces other bills."
    )
    processing: Money = expression(
        "The part of `unpaid` that was paid in the cabinet and isn't posted yet («в обработке»).",
        sql=invoices.INVOICE_PROCESSING_SQL,
    )
    amount_due: Money = expression(
        "The part of `unpaid` that is to be paid now («к оплате»).", sql=invoices.INVOICE_DUE_SQL
    )
    status: invoices.InvoiceStatus = expression(
        "The payment status of the bill.", sql=invoices.STATUS_SQL
    )
    consumption_kwh: Quantity = column(
        "The consumption of the month in kilowatt-hours, all zones («расход»)."
    )
    lines: list[StaffInvoiceLine] = related("The lines of the bill, in order.", order_by="position")
    penalties: list[InvoicePenalty] = related(
        "The calculation of the penalty.", order_by="position"
    )


@reads(billing.ReceivedPayment, owned_through=CLERK)
class StaffReceivedPayment:
    """A payment posted by the billing system («оплата»)."""

    paid_on: date = column("The day of the payment.")
    amount: Money = column("The amount; negative for money returned.")
    agent: str = column("The agent through whom the payment came.")
    external_id: str = column("The number in the billing system, or in the cabinet's registry.")
    data_as_of: datetime | None = column("The date and time of the billing data that contain it.")


@reads(staff.Callback, prefix="scb", owned_through=CLERK, audits="account")
class StaffCallback(Node):
    """A promised callback («обратный звонок»)."""

    due_on: date = column("The day by which to call.")
    text: str = column("The subject of the call, and the person to call.")
    member: StaffMember = related("The member of staff who promised it.")
    created_at: datetime = column("The date and time of the promise.")
    done_at: datetime | None = column(
        "The date and time of the call; null while the callback is open."
    )
    done_by: StaffMember | None = related("The member of staff who called.")
    result: str | None = column("The result of the call.")
    account: StaffAccount = related("The account that the call is about.")


@filter_input
class StaffCallbackFilterInput:
    """Filters of callbacks."""

    account_number: str | None = exactly(
        "Only callbacks about this account.", of="account__number", read=identifier
    )
    member_id: strawberry.ID | None = exactly(
        "Only callbacks promised by this member of staff.", of="member_id"
    )
    due_to: date | None = at_most("Only callbacks due by this day.", of="due_on")
    is_done: bool | None = is_set("Whether the call was made.", of="done_at")


@input_type
class StaffReadingEntryInput:
    """The reading of a register."""

    register_id: strawberry.ID = strawberry.field(
        description="The id of the register, from `staff.account.meters`."
    )
    value: Quantity = strawberry.field(
        description="The value in kilowatt-hours, as the display shows it."
    )

    def to_command(self) -> ReadingEntry:
        return ReadingEntry(key_of(self.register_id, "srg"), self.value)


@input_type
class StaffReadingsTakeInput:
    """Readings from a caller («показания по телефону»)."""

    account_id: strawberry.ID = strawberry.field(
        description="The id of the account, from `staff.account`."
    )
    caller: str = strawberry.field(description="The name of the caller, 2 to 150 characters.")
    entries: list[StaffReadingEntryInput] = strawberry.field(
        description="The readings of the registers; at most `publicSettings.mostReadings`."
    )
    is_confirmed: bool = strawberry.field(
        default=False,
        description="Whether the caller has checked and confirmed an unusual value, which is then "
        "put on review.",
    )
    allow_partial: bool = strawberry.field(
        default=False,
        description="Whether to accept some zones of a meter although others are missing.",
    )
    idempotency_key: str = idempotency_key(
        "A repeat with the same key and readings stores nothing twice", conflict="other readings"
    )

    def to_command(self) -> ReadingsForm:
        entries = [entry.to_command() for entry in self.entries]
        return ReadingsForm(
            key_of(self.account_id, "sac"), entries, is_partial=self.allow_partial, is_atomic=True
        )


@object_type
class StaffReadingsTakePayload:
    """The result of `staffReadingsTake`: all readings were recorded, or none."""

    readings: list[StaffReading] | None = outcome("The readings, in the order of the entries.")
    errors: list[ReadingError] = errors()


@input_type
class StaffCallbackCreateInput:
    """A callback to promise."""

    account_id: strawberry.ID = strawberry.field(
        description="The id of the account, from `staff.account`."
    )
    due_on: date = strawberry.field(
        description="The day by which to call; today or later, within a year."
    )
    text: str = strawberry.field(
        description="The subject of the call and the person to call, 1 to 1000 characters."
    )


@object_type
class StaffCallbackCreatePayload:
    """The result of `staffCallbackCreate`."""

    callback: StaffCallback | None = outcome("The promised callback.")
    errors: list[StaffError] = errors()


@input_type
class StaffCallbackDoneInput:
    """A completed callback."""

    callback_id: strawberry.ID = strawberry.field(
        description="The id of the callback, from `staff.callbacks`."
    )
    result: str = strawberry.field(description="The result of the call, 1 to 300 characters.")


@object_type
class StaffCallbackDonePayload:
    """The result of `staffCallbackDone`."""

    callback: StaffCallback | None = outcome("The completed callback.")
    errors: list[StaffError] = errors()


@input_type
class StaffReceiptSendInput:
    """A receipt, and the customer to mail it to."""

    invoice_id: strawberry.ID = strawberry.field(
        description="The id of the bill, from `staff.account.invoices`."
    )
    customer_id: strawberry.ID = strawberry.field(
        description="The id of the recipient: a customer who has linked the account."
    )


@object_type
class StaffReceiptSendPayload:
    """The result of `staffReceiptSend`."""

    sent_to: str | None = outcome("The recipient's e-mail address, mostly masked.")
    errors: list[StaffError] = errors()
