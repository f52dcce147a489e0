"""What the calendar tells of bills that aren't paid; and old receipts, which it forgets."""

from lk_graphql.billing.service import notifications
from lk_graphql.billing.service.receipts.storage import sweep
from lk_graphql.notifications.service.notices import EVERY_HOUR, MAX_DELAY, is_notice_time
from lk_graphql.ports.jobs import JobContext, job


@job("billing.tell_what_is_due", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_payments(world: JobContext) -> None:
    """And what is overdue."""
    if is_notice_time(world.now, world.company.zone):
        today = world.company.today(world.now)
        await notifications.notify_of_due(today, now=world.now)
        await notifications.notify_of_overdue(today, now=world.now)


@job("billing.forget_receipts", cron="40 2 * * *", time_limit=MAX_DELAY)
async def delete_old_receipts(world: JobContext) -> None:
    """At night, when nobody pays."""
    await sweep(world.ports.files, older_than=world.company.receipts_kept, now=world.now)
