"""Where pgqueuer keeps the jobs: names of our own, whatever the environment says."""

from pgqueuer.adapters.persistence.qb import (
    DBSettings,
    Durability,
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.types import Channel
from pgqueuer.ports.driver import Driver

# Every name is given: pgqueuer would read the missing ones from variables called CHANNEL,
# FUNCTION or TRIGGER, which belong to somebody else.
SETTINGS = DBSettings(
    prefix="",
    db_schema=None,
    channel=Channel("job_changed"),
    queue_table="job",
    queue_table_log="job_log",
    queue_status_type="job_status",
    statistics_table="job_statistics",
    schedules_table="job_schedule",
    function="job_changed",
    trigger="job_changed",
    durability=Durability.durable,
)


def queries(driver: Driver) -> Queries:
    return Queries(
        driver,
        QueryBuilderEnvironment(SETTINGS),
        QueryQueueBuilder(SETTINGS),
        QuerySchedulerBuilder(SETTINGS),
    )
