"""Names of pgqueuer's tables, functions and channel, independent of the environment."""

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

# All names are explicit, because pgqueuer reads missing ones from environment variables such as
# CHANNEL, FUNCTION and TRIGGER.
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
