"""Scheduled notices about submission windows and verification; erasure of callers' names."""

from datetime import timedelta

from lk_graphql.metering.service import notifications, personal_data
from lk_graphql.notifications.service.notices import EVERY_HOUR, MAX_DELAY, is_notice_time
from lk_graphql.ports.jobs import JobContext, job


@job("metering.notify_of_window", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_window(context: JobContext) -> None:
    if is_notice_time(context.now, context.company.zone):
        await notifications.notify_of_window(context.company.today(context.now), now=context.now)


@job("metering.notify_of_verification", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_verification(context: JobContext) -> None:
    if is_notice_time(context.now, context.company.zone):
        await notifications.notify_of_verification(
            context.company.today(context.now), now=context.now
        )


@job("metering.erase_callers", cron="13 21 2 * *", time_limit=timedelta(hours=6))
async def erase_callers(context: JobContext) -> None:
    """Erase old names of callers, monthly: a reading counts for a month."""
    await personal_data.erase_callers(today=context.company.today(context.now))
