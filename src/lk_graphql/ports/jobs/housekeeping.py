"""The queue's own night job: its log would grow for ever."""

from lk_graphql import engine
from lk_graphql.ports.jobs.declared import World, job

# A dead letter keeps its log, which tells why it died.
_PRUNE_LOG = """
DELETE FROM job_log WHERE created < $1::timestamptz - interval '30 days'
AND NOT EXISTS (SELECT FROM job WHERE job.id = job_log.job_id)
"""
_PRUNE_STATISTICS = "DELETE FROM job_statistics WHERE created < $1::timestamptz - interval '1 year'"


@job("jobs.prune", cron="17 20 * * *")
async def prune(world: World) -> None:
    await engine.fetch(_PRUNE_LOG, world.now)
    await engine.fetch(_PRUNE_STATISTICS, world.now)
