"""What the calendar tells of bills that aren't paid; and old receipts, which it forgets."""

from lk_graphql.billing.service import notifications
from lk_graphql.billing.service.receipts.storage import sweep
from lk_graphql.notifications.service.notices import EVERY_HOUR, LONGEST, is_time_to_tell
from lk_graphql.ports.jobs import World, job


@job("billing.tell_what_is_due", cron=EVERY_HOUR, time_limit=LONGEST)
async def tell_what_is_due(world: World) -> None:
    """And what is overdue."""
    if is_time_to_tell(world.now, world.company.zone):
        today = world.company.today(world.now)
        await notifications.tell_what_is_due(today, now=world.now)
        await notifications.tell_what_is_overdue(today, now=world.now)


@job("billing.forget_receipts", cron="40 2 * * *", time_limit=LONGEST)
async def forget_receipts(world: World) -> None:
    """At night, when nobody pays."""
    await sweep(world.ports.files, older_than=world.company.receipts_kept, now=world.now)
