"""What the calendar tells of readings and meters."""

from lk_graphql.metering.service import notifications
from lk_graphql.notifications.service.notices import EVERY_HOUR, LONGEST, is_time_to_tell
from lk_graphql.ports.jobs import World, job


@job("metering.tell_of_the_window", cron=EVERY_HOUR, time_limit=LONGEST)
async def tell_of_the_window(world: World) -> None:
    if is_time_to_tell(world.now, world.company.zone):
        await notifications.tell_of_the_window(world.company.today(world.now), now=world.now)


@job("metering.tell_of_verification", cron=EVERY_HOUR, time_limit=LONGEST)
async def tell_of_verification(world: World) -> None:
    if is_time_to_tell(world.now, world.company.zone):
        await notifications.tell_of_verification(world.company.today(world.now), now=world.now)
