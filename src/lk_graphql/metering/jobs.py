"""Scheduled notices about submission windows and meter verification."""

from lk_graphql.metering.service import notifications
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
