"""Background jobs in PostgreSQL, enqueued in the transaction of the change that needs them.

Delivery is at least once, so handlers must be idempotent. A payload holds keys of rows and never
their content, so that neither the queue nor a dump of it holds a secret.
"""

from lk_graphql.ports.jobs.monitor import Measure, Monitor, measure_queue
from lk_graphql.ports.jobs.queue import (
    DeadLetter,
    QueueLoad,
    dead_letters,
    enqueue,
    prune,
    queue_load,
    retry_dead_letters,
)
from lk_graphql.ports.jobs.registry import DOUBTFUL_RETRIES, Job, JobContext, Retries, job
from lk_graphql.ports.jobs.worker import run_until_empty, run_worker

__all__ = [
    "DOUBTFUL_RETRIES",
    "DeadLetter",
    "Job",
    "JobContext",
    "Measure",
    "Monitor",
    "QueueLoad",
    "Retries",
    "dead_letters",
    "enqueue",
    "job",
    "measure_queue",
    "prune",
    "queue_load",
    "retry_dead_letters",
    "run_until_empty",
    "run_worker",
]
