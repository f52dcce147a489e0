"""Staff mutations on imports and exports, notices, payments, readings, and calls."""

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.backoffice.service import accounts, exchange, payments
from lk_graphql.backoffice.service.customers import resend_notice
from lk_graphql.backoffice.types import accounts as account_types
from lk_graphql.backoffice.types import customers as customer_types
from lk_graphql.backoffice.types import exchange as exchange_types
from lk_graphql.backoffice.types import notices as notice_types
from lk_graphql.backoffice.types import payments as payment_types
from lk_graphql.backoffice.types.accounts import StaffCallback
from lk_graphql.backoffice.types.customers import StaffReading
from lk_graphql.backoffice.types.exchange import StaffExportRun, StaffImportRun
from lk_graphql.backoffice.types.notices import StaffNotice
from lk_graphql.backoffice.types.payments import (
    StaffFiscalReceipt,
    StaffPayment,
    StaffPaymentDifference,
)
from lk_graphql.exchange.errors import ExchangeErrorCode
from lk_graphql.kit.ids import key_of, to_public
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.mutations import ENTRY_CODES, IDEMPOTENCY_CODES
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.telephone import PhoneCall
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import extends
from lk_graphql.staff.errors import StaffErrorCode
from lk_graphql.staff.types.inputs import staff_action
from lk_graphql.uploads.mutations import CREATE_CODES, create_upload
from lk_graphql.uploads.service.creation import Uploader
from lk_graphql.uploads.service.formats import TABLES


@extends(Mutation)
class StaffExchangeMutation:
    """Imports and exports."""

    @mutation(access=Access.SUPERVISOR, codes=CREATE_CODES)
    async def staff_upload_create(
        self, info: Info, input: Input[exchange_types.StaffUploadCreateInput]
    ) -> exchange_types.StaffUploadCreatePayload:
        """Announce a file to import, and get the URL to PUT its bytes to.

        `staff.uploads` shows its state, and the reason for a refusal.
        """
        ctx = info.context
        uploader = Uploader(staff_id=ctx.staff.id)
        key, url = await create_upload(ctx, uploader, input.to_command(), allowance=TABLES)
        return exchange_types.StaffUploadCreatePayload(
            upload_id=strawberry.ID(to_public("upl", key)), url=Url(url)
        )

    @mutation(
        access=Access.SUPERVISOR,
        codes=[
            ExchangeErrorCode.UPLOADS_INVALID,
            ExchangeErrorCode.UPLOAD_UNUSABLE,
            ExchangeErrorCode.LOADED_ALREADY,
            ExchangeErrorCode.MOMENT_INVALID,
            ExchangeErrorCode.CONTROL_INVALID,
        ],
    )
    async def staff_import_start(
        self, info: Info, input: Input[exchange_types.StaffImportStartInput]
    ) -> exchange_types.StaffImportStartPayload:
        """Start an import of uploaded files («загрузить»); `staffImportRunChanged` shows it.

        It runs in the background, as a whole or not at all, and restarts if the server stops.
        """
        ctx = info.context
        key = await exchange.start_import(
            staff_action(ctx), input.to_command(), company=ctx.company
        )
        return exchange_types.StaffImportStartPayload(
            import_run=ctx.rows.by_key(StaffImportRun, key)
        )

    @mutation(access=Access.SUPERVISOR, codes=[ExchangeErrorCode.MOMENT_INVALID])
    async def staff_export_start(
        self, info: Info, input: Input[exchange_types.StaffExportStartInput]
    ) -> exchange_types.StaffExportStartPayload:
        """Start an export of data from customers for the billing system («выгрузить»).

        Rows without an answer from billing are repeated in every export.
        """
        ctx = info.context
        key = await exchange.start_export(staff_action(ctx), input.to_command())
        return exchange_types.StaffExportStartPayload(
            export_run=ctx.rows.by_key(StaffExportRun, key)
        )


NOTICE_CODES = (
    StaffErrorCode.NOTICE_NOT_FOUND,
    StaffErrorCode.NOTICE_ON_ITS_WAY,
    StaffErrorCode.NOTICE_UNDELIVERABLE,
    StaffErrorCode.TOO_MANY_TRIES,
)


@extends(Mutation)
class StaffNoticeMutation:
    """Notices."""

    @mutation(access=Access.CLERK, codes=NOTICE_CODES)
    async def staff_notice_resend(
        self, info: Info, input: Input[notice_types.StaffNoticeResendInput]
    ) -> notice_types.StaffNoticeResendPayload:
        """Send a notice again («отправить повторно») by e-mail and SMS, as the customer allows.

        A channel that is switched off or undeliverable is omitted. Once in ten minutes, three times
        a day.
        """
        ctx = info.context
        today = ctx.company.today(ctx.now)
        key = await resend_notice(
            staff_action(ctx), input.key(), today=today, signer=ctx.ports.signer
        )
        return notice_types.StaffNoticeResendPayload(notice=ctx.rows.by_key(StaffNotice, key))


REFUND_CODES = (
    StaffErrorCode.NUMBER_MALFORMED,
    StaffErrorCode.PAYMENT_NOT_FOUND,
    StaffErrorCode.PAYMENT_NOT_PAID,
    StaffErrorCode.REFUND_TOO_LARGE,
    StaffErrorCode.REASON_REQUIRED,
    StaffErrorCode.IDEMPOTENCY_CONFLICT,
    StaffErrorCode.IDEMPOTENCY_KEY_INVALID,
)
DECISION_CODES = (
    StaffErrorCode.REFUND_NOT_IN_DOUBT,
    StaffErrorCode.REFERENCE_INVALID,
    StaffErrorCode.REFERENCE_USED,
    StaffErrorCode.REASON_REQUIRED,
)


@extends(Mutation)
class StaffPaymentMutation:
    """Refunds."""

    @mutation(access=Access.SUPERVISOR, codes=REFUND_CODES)
    async def staff_refund_request(
        self, info: Info, input: Input[payment_types.StaffRefundRequestInput]
    ) -> payment_types.StaffRefundRequestPayload:
        """Refund a part of a payment to the card («вернуть деньги»), in full or in part.

        The acquirer executes it shortly after; the customer gets the reason, and a receipt by mail.
        The commission isn't part of any refund.
        """
        ctx = info.context
        acquirer = ctx.ports.acquirer
        key = await payments.refund(staff_action(ctx), input.to_command(), acquirer=acquirer)
        return payment_types.StaffRefundRequestPayload(payment=ctx.rows.by_key(StaffPayment, key))

    @mutation(access=Access.SUPERVISOR, codes=DECISION_CODES)
    async def staff_refund_decide(
        self, info: Info, input: Input[payment_types.StaffRefundDecideInput]
    ) -> payment_types.StaffRefundDecidePayload:
        """Record the outcome of a refund in doubt.

        This is one without an answer from the acquirer for a day, or without an end for a month
        after the acquirer has accepted it.

        Check the acquirer's own pages first: with its `reference` the money counts as refunded,
        without one as never sent. This settles the difference, too.
        """
        ctx, refund = info.context, key_of(input.refund_id, "srf")
        key = await payments.decide(staff_action(ctx), refund, input.reference, input.reason)
        return payment_types.StaffRefundDecidePayload(payment=ctx.rows.by_key(StaffPayment, key))


DIFFERENCE_CODES = (StaffErrorCode.DIFFERENCE_NOT_OPEN, StaffErrorCode.TAKEN_BY_COLLEAGUE)
RECEIPT_CODES = (StaffErrorCode.RECEIPT_NOT_FAILED, StaffErrorCode.TAKEN_BY_COLLEAGUE)


@extends(Mutation)
class StaffDifferenceMutation:
    """Differences with the acquirer's and billing's books."""

    @mutation(
        access=Access.SUPERVISOR,
        codes=(
            *DIFFERENCE_CODES,
            StaffErrorCode.RESOLUTION_INVALID,
            StaffErrorCode.REASON_REQUIRED,
        ),
    )
    async def staff_payment_difference_settle(
        self, info: Info, input: Input[payment_types.StaffPaymentDifferenceSettleInput]
    ) -> payment_types.StaffPaymentDifferenceSettlePayload:
        """Settle a difference with the findings of the inquiry («разобрать расхождение»).

        With the acquirer it moves no money. With billing the resolution sets whether the movement
        stays `processing`. The same difference isn't reported again.
        """
        ctx, difference = info.context, key_of(input.difference_id, "spd")
        key = await payments.settle_difference(
            staff_action(ctx), difference, input.resolution, input.reason
        )
        row = ctx.rows.by_key(StaffPaymentDifference, key)
        return payment_types.StaffPaymentDifferenceSettlePayload(difference=row)

    @mutation(
        access=Access.SUPERVISOR,
        codes=(StaffErrorCode.MOVEMENT_NOT_FOUND, StaffErrorCode.REASON_REQUIRED),
    )
    async def staff_payment_difference_open(
        self, info: Info, input: Input[payment_types.StaffPaymentDifferenceOpenInput]
    ) -> payment_types.StaffPaymentDifferenceOpenPayload:
        """Report a movement without billing's acknowledgement, although billing has the money.

        Settle it then as posted elsewhere, which ends its `processing`.
        """
        ctx = info.context
        key = await payments.open_difference(staff_action(ctx), input.number, input.reason)
        row = ctx.rows.by_key(StaffPaymentDifference, key)
        return payment_types.StaffPaymentDifferenceOpenPayload(difference=row)

    @mutation(access=Access.CLERK, codes=DIFFERENCE_CODES)
    async def staff_payment_difference_claim(
        self, info: Info, input: Input[payment_types.StaffPaymentDifferenceClaimInput]
    ) -> payment_types.StaffPaymentDifferenceClaimPayload:
        """Claim a difference («взять в работу»), which prevents colleagues from settling it."""
        ctx = info.context
        key = await payments.claim_difference(staff_action(ctx), input.key())
        row = ctx.rows.by_key(StaffPaymentDifference, key)
        return payment_types.StaffPaymentDifferenceClaimPayload(difference=row)

    @mutation(access=Access.CLERK, codes=DIFFERENCE_CODES)
    async def staff_payment_difference_release(
        self, info: Info, input: Input[payment_types.StaffPaymentDifferenceReleaseInput]
    ) -> payment_types.StaffPaymentDifferenceReleasePayload:
        """Return a difference to the queue; supervisors may also return a colleague's."""
        ctx = info.context
        key = await payments.release_difference(staff_action(ctx), input.key())
        row = ctx.rows.by_key(StaffPaymentDifference, key)
        return payment_types.StaffPaymentDifferenceReleasePayload(difference=row)


@extends(Mutation)
class StaffFiscalReceiptMutation:
    """Failed fiscal receipts."""

    @mutation(access=Access.CLERK, codes=RECEIPT_CODES)
    async def staff_fiscal_receipt_claim(
        self, info: Info, input: Input[payment_types.StaffFiscalReceiptClaimInput]
    ) -> payment_types.StaffFiscalReceiptClaimPayload:
        """Claim a failed receipt («взять в работу»)."""
        ctx = info.context
        key = await payments.claim_receipt(staff_action(ctx), input.key())
        row = ctx.rows.by_key(StaffFiscalReceipt, key)
        return payment_types.StaffFiscalReceiptClaimPayload(receipt=row)

    @mutation(access=Access.CLERK, codes=RECEIPT_CODES)
    async def staff_fiscal_receipt_release(
        self, info: Info, input: Input[payment_types.StaffFiscalReceiptReleaseInput]
    ) -> payment_types.StaffFiscalReceiptReleasePayload:
        """Return a failed receipt to the queue; supervisors may also return a colleague's."""
        ctx = info.context
        key = await payments.release_receipt(staff_action(ctx), input.key())
        row = ctx.rows.by_key(StaffFiscalReceipt, key)
        return payment_types.StaffFiscalReceiptReleasePayload(receipt=row)

    @mutation(access=Access.CLERK, codes=RECEIPT_CODES)
    async def staff_fiscal_receipt_retry(
        self, info: Info, input: Input[payment_types.StaffFiscalReceiptRetryInput]
    ) -> payment_types.StaffFiscalReceiptRetryPayload:
        """Request a failed receipt again, after it was sent once more on the acquirer's pages.

        It is PENDING until the acquirer's answer; another failure returns it to the queue.
        """
        ctx = info.context
        key = await payments.retry_receipt(staff_action(ctx), input.key())
        row = ctx.rows.by_key(StaffFiscalReceipt, key)
        return payment_types.StaffFiscalReceiptRetryPayload(receipt=row)

    @mutation(access=Access.CLERK, codes=(*RECEIPT_CODES, StaffErrorCode.REASON_REQUIRED))
    async def staff_fiscal_receipt_settle(
        self, info: Info, input: Input[payment_types.StaffFiscalReceiptSettleInput]
    ) -> payment_types.StaffFiscalReceiptSettlePayload:
        """Take a failed receipt out of the queue, for example after a correction receipt.

        It stays FAILED («чек коррекции» is another document).
        """
        ctx = info.context
        key = await payments.settle_receipt(staff_action(ctx), input.key(), input.reason)
        row = ctx.rows.by_key(StaffFiscalReceipt, key)
        return payment_types.StaffFiscalReceiptSettlePayload(receipt=row)


READING_CODES = (
    ReadingErrorCode.READING_NOT_FOUND,
    ReadingErrorCode.READING_FINAL,
    ReadingErrorCode.PERIOD_BILLED,
)


@extends(Mutation)
class StaffReadingMutation:
    """Decisions on unusual readings."""

    @mutation(access=Access.CLERK, codes=(*READING_CODES, ReadingErrorCode.TAKEN_BEFORE_PREVIOUS))
    async def staff_reading_accept(
        self, info: Info, input: Input[customer_types.StaffReadingAcceptInput]
    ) -> customer_types.StaffReadingAcceptPayload:
        """Accept an unusual reading («принять показание»); the customer is notified."""
        ctx, reading = info.context, key_of(input.reading_id, "srd")
        key = await accounts.accept_reading(staff_action(ctx), reading, billing=BILLING)
        return customer_types.StaffReadingAcceptPayload(reading=ctx.rows.by_key(StaffReading, key))

    @mutation(access=Access.CLERK, codes=(*READING_CODES, ReadingErrorCode.REASON_INVALID))
    async def staff_reading_reject(
        self, info: Info, input: Input[customer_types.StaffReadingRejectInput]
    ) -> customer_types.StaffReadingRejectPayload:
        """Reject a reading («отклонить показание») until its month is billed.

        Accepted ones can be rejected, too. The customer gets the reason.
        """
        ctx, reading = info.context, key_of(input.reading_id, "srd")
        key = await accounts.reject_reading(
            staff_action(ctx), reading, input.reason, billing=BILLING
        )
        return customer_types.StaffReadingRejectPayload(reading=ctx.rows.by_key(StaffReading, key))


@extends(Mutation)
class StaffCallMutation:
    """Help for a customer on the telephone."""

    @mutation(
        access=Access.CLERK,
        codes=(
            ReadingErrorCode.NUMBER_MALFORMED,
            ReadingErrorCode.ACCOUNT_NOT_FOUND,
            ReadingErrorCode.CALLER_INVALID,
            ReadingErrorCode.TOO_MANY_ENTRIES,
            *ENTRY_CODES,
            ReadingErrorCode.CONFIRMATION_NEEDED,
            *IDEMPOTENCY_CODES,
        ),
    )
    async def staff_readings_take(
        self, info: Info, input: Input[account_types.StaffReadingsTakeInput]
    ) -> account_types.StaffReadingsTakePayload:
        """Record readings from a caller («принять показания по телефону»): all of them, or none.

        The checks and replacements are those of a customer's own readings. All customers who have
        linked the account are notified; no link is required.
        """
        ctx = info.context
        call = PhoneCall(ctx.staff.id, input.caller, input.idempotency_key, input.is_confirmed)
        keys = await accounts.take_readings(
            staff_action(ctx), input.to_command(), call, company=ctx.company, billing=BILLING
        )
        return account_types.StaffReadingsTakePayload(readings=ctx.rows.by_keys(StaffReading, keys))

    @mutation(
        access=Access.CLERK,
        codes=(
            StaffErrorCode.INVOICE_NOT_FOUND,
            StaffErrorCode.INVOICE_OF_EARLIER_HOLDER,
            StaffErrorCode.LINK_NOT_FOUND,
            StaffErrorCode.RECEIPT_UNAVAILABLE,
            StaffErrorCode.TOO_MANY_TRIES,
        ),
    )
    async def staff_receipt_send(
        self, info: Info, input: Input[account_types.StaffReceiptSendInput]
    ) -> account_types.StaffReceiptSendPayload:
        """Mail a receipt as a PDF to a customer who has linked the account («квитанция на почту»).

        Once in ten minutes, three times a day.
        """
        ctx = info.context
        sent_to = await accounts.send_receipt(
            staff_action(ctx),
            key_of(input.invoice_id, "siv"),
            key_of(input.customer_id, "scu"),
            signer=ctx.ports.signer,
        )
        return account_types.StaffReceiptSendPayload(sent_to=sent_to)

    @mutation(
        access=Access.CLERK,
        codes=(
            StaffErrorCode.ACCOUNT_NOT_FOUND,
            StaffErrorCode.DAY_INVALID,
            StaffErrorCode.TEXT_INVALID,
        ),
    )
    async def staff_callback_create(
        self, info: Info, input: Input[account_types.StaffCallbackCreateInput]
    ) -> account_types.StaffCallbackCreatePayload:
        """Promise a callback by a day («обещать перезвонить»)."""
        ctx = info.context
        key = await accounts.promise_callback(
            staff_action(ctx),
            key_of(input.account_id, "sac"),
            input.due_on,
            input.text,
            today=ctx.today,
        )
        return account_types.StaffCallbackCreatePayload(
            callback=ctx.rows.by_key(StaffCallback, key)
        )

    @mutation(
        access=Access.CLERK, codes=(StaffErrorCode.CALLBACK_NOT_OPEN, StaffErrorCode.TEXT_INVALID)
    )
    async def staff_callback_done(
        self, info: Info, input: Input[account_types.StaffCallbackDoneInput]
    ) -> account_types.StaffCallbackDonePayload:
        """Complete a callback, with its result («звонок сделан»)."""
        ctx = info.context
        callback = key_of(input.callback_id, "scb")
        key = await accounts.complete_callback(staff_action(ctx), callback, input.result)
        return account_types.StaffCallbackDonePayload(callback=ctx.rows.by_key(StaffCallback, key))
