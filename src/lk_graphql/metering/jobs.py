"""What the calendar tells of readings and meters."""

from lk_graphql.metering.service import notifications
from lk_graphql.notifications.service.notices import EVERY_HOUR, MAX_DELAY, is_notice_time
from lk_graphql.ports.jobs import JobContext, job


@job("metering.tell_of_the_window", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_window(world: JobContext) -> None:
    if is_notice_time(world.now, world.company.zone):
        await notifications.notify_of_window(world.company.today(world.now), now=world.now)


@job("metering.tell_of_verification", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_verification(world: JobContext) -> None:
    if is_notice_time(world.now, world.company.zone):
        await notifications.notify_of_verification(world.company.today(world.now), now=world.now)
