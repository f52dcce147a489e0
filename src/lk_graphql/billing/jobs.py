"""Scheduled jobs: reminders of unpaid bills and deletion of old receipts."""

from lk_graphql.billing.service import notifications
from lk_graphql.billing.service.receipts.storage import sweep
from lk_graphql.notifications.service.notices import EVERY_HOUR, MAX_DELAY, is_notice_time
from lk_graphql.ports.jobs import JobContext, job


@job("billing.tell_what_is_due", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_payments(context: JobContext) -> None:
    """Send the reminders of bills that are due soon or overdue."""
    if is_notice_time(context.now, context.company.zone):
        today = context.company.today(context.now)
        await notifications.notify_of_due(today, now=context.now)
        await notifications.notify_of_overdue(today, now=context.now)


@job("billing.forget_receipts", cron="40 2 * * *", time_limit=MAX_DELAY)
async def delete_old_receipts(context: JobContext) -> None:
    """Delete receipts that are older than the company keeps them."""
    await sweep(context.ports.files, older_than=context.company.receipt_retention, now=context.now)
