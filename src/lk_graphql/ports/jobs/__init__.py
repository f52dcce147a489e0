"""Background jobs in PostgreSQL, enqueued in the transaction of the change that wants them.

A job is run at least once: what it does must bear repeating. It carries keys of rows, never what
stands in them, so that neither the queue nor a dump of it holds a secret.
"""

from lk_graphql.ports.jobs.queue import (
    DeadLetter,
    Load,
    dead_letters,
    enqueue,
    load,
    prune,
    retry_dead_letters,
)
from lk_graphql.ports.jobs.registry import Job, Retries, World, job
from lk_graphql.ports.jobs.worker import run_until_empty, run_worker

__all__ = [
    "DeadLetter",
    "Job",
    "Load",
    "Retries",
    "World",
    "dead_letters",
    "enqueue",
    "job",
    "load",
    "prune",
    "retry_dead_letters",
    "run_until_empty",
    "run_worker",
]
