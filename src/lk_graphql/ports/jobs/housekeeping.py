"""The queue's own night job: its log would grow for ever."""

from typing import Any

from tortoise.connection import get_connection

from lk_graphql.ports.jobs.declared import World, job

# A dead letter keeps its log, which tells why it died.
_PRUNE_LOG = """
DELETE FROM job_log WHERE created < now() - interval '30 days'
AND NOT EXISTS (SELECT FROM job WHERE job.id = job_log.job_id)
"""
_PRUNE_STATISTICS = "DELETE FROM job_statistics WHERE created < now() - interval '1 year'"


@job("jobs.prune", cron="17 20 * * *")
async def prune(world: World) -> None:  # noqa: ARG001 - every job takes the world
    database: Any = get_connection("default")  # its rows are untyped
    await database.execute_query(_PRUNE_LOG)
    await database.execute_query(_PRUNE_STATISTICS)
