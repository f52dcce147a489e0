"""What the clock has the back office do."""

from lk_graphql.backoffice.service import sessions
from lk_graphql.ports.jobs import World, job


@job("backoffice.sweep", cron="23 * * * *")
async def sweep(world: World) -> None:
    """Every hour: see `service.sessions.forget_old`."""
    await sessions.forget_old(now=world.now)
