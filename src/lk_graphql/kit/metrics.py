"""Prometheus metrics of jobs, of the database and of other services.

Metrics of requests are in `api.access_log.Metrics`. Sum a metric over all processes, except the
metrics that are read from the database (`ports.jobs.monitor`): these are equal in all workers, so
take their maximum. No label is named `job` or `instance`, because Prometheus sets these.
"""

from prometheus_client import Counter, Gauge, Histogram

_SECONDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0)

SERVICE_CALLS = Histogram(
    "lk_graphql_service_call_duration_seconds",
    "Duration of calls of other services, by outcome: ok, or the failure.",
    ("service", "outcome"),
    buckets=_SECONDS,
)
JOBS = Histogram(
    "lk_graphql_job_duration_seconds",
    "Duration of attempts at jobs, by outcome: done, failed, dead, postponed, stopped.",
    ("kind", "outcome"),
    buckets=_SECONDS,
)
CONNECTION_WAITS = Histogram(
    "lk_graphql_database_connection_wait_seconds",
    "Waits for a connection to the database, if none was free at once.",
    ("pool",),
    buckets=(0.001, 0.01, 0.1, 0.5, 1.0, 2.5, 5.0),
)
DATABASE_FAILURES = Counter(
    "lk_graphql_database_failures",
    "Statements and connections that failed because the database was unavailable or overloaded.",
    ("reason", "pool"),
)
REPLICA_READS = Counter(
    "lk_graphql_replica_reads",
    "Plans of queries with replicas, by the server that executed them and the reason: fresh, or"
    " no_session, own_change, lag, conflict, promoted, unavailable.",
    ("server", "reason"),
)
PASSWORDS_WAITING = Gauge(
    "lk_graphql_passwords_under_way",
    "Passwords that are being hashed or wait to be hashed.",
    multiprocess_mode="livesum",
)
SECURITY_EVENTS = Counter(
    "lk_graphql_security_events",
    "Security events; the log has their details.",
    ("event", "kind"),
)
NOTICE_DELIVERIES = Counter(
    "lk_graphql_notice_deliveries",
    "Deliveries of notices that have ended, by state: SENT, DROPPED, FAILED.",
    ("channel", "state"),
)
UNSHARED_BUDGETS = Gauge(
    "lk_graphql_unshared_budgets",
    "Processes that can't share the budgets of clients, because LK_VALKEY_URL is unavailable.",
    multiprocess_mode="livesum",
)
DELETED_ROWS = Counter(
    "lk_graphql_deleted_rows",
    "Rows deleted because their retention has ended.",
    ("table",),
)
DROPPED_PARTITIONS = Counter(
    "lk_graphql_dropped_partitions",
    "Monthly partitions dropped because their retention has ended.",
    ("table",),
)

QUEUED_JOBS = Gauge(
    "lk_graphql_queued_jobs",
    "Jobs in the database: due, later, running, dead.",
    ("kind", "state"),
    multiprocess_mode="mostrecent",
)
OLDEST_JOB = Gauge(
    "lk_graphql_oldest_due_job_seconds",
    "Waiting time of the oldest due job of a kind.",
    ("kind",),
    multiprocess_mode="mostrecent",
)
IMPORT_AGE = Gauge(
    "lk_graphql_import_age_seconds",
    "Time since the last file of a kind was loaded.",
    ("kind",),
    multiprocess_mode="mostrecent",
)
UNFINISHED_IMPORT = Gauge(
    "lk_graphql_unfinished_import_seconds",
    "Time since the start of the oldest import that hasn't ended, by its state: running, applying.",
    ("state",),
    multiprocess_mode="mostrecent",
)
UNWRITTEN_BATCHES = Gauge(
    "lk_graphql_unwritten_import_batches",
    "Batches of an import that are not written yet.",
    multiprocess_mode="mostrecent",
)
MONITOR_TIME = Gauge(
    "lk_graphql_monitor_timestamp_seconds",
    "The time at which the worker last read these numbers from the database.",
    multiprocess_mode="mostrecent",
)
