"""The slices' hooks and jobs; `load_hooks` registers the hooks.

Services enqueue jobs and notify later slices of events. Therefore every process that opens the
models calls `load_hooks`: the server, the worker, commands and tests.
"""

import lk_graphql.accounts.hooks
import lk_graphql.accounts.jobs
import lk_graphql.appeals.hooks
import lk_graphql.appeals.jobs
import lk_graphql.backoffice.hooks
import lk_graphql.backoffice.jobs
import lk_graphql.billing.hooks
import lk_graphql.billing.jobs
import lk_graphql.contracts.hooks
import lk_graphql.contracts.jobs
import lk_graphql.exchange.jobs
import lk_graphql.identity.jobs
import lk_graphql.metering.hooks
import lk_graphql.metering.jobs
import lk_graphql.notifications.hooks
import lk_graphql.notifications.jobs
import lk_graphql.payments.hooks
import lk_graphql.payments.jobs
import lk_graphql.profile.hooks
import lk_graphql.profile.jobs
import lk_graphql.uploads.hooks
import lk_graphql.uploads.jobs
from lk_graphql.ports.jobs import queue

HOOKS = (
    lk_graphql.profile.hooks,
    lk_graphql.uploads.hooks,
    lk_graphql.accounts.hooks,
    lk_graphql.notifications.hooks,
    lk_graphql.metering.hooks,
    lk_graphql.billing.hooks,
    lk_graphql.payments.hooks,
    lk_graphql.appeals.hooks,
    lk_graphql.contracts.hooks,
    lk_graphql.backoffice.hooks,
)
"""Modules with `register`, in the order of the slices."""

JOBS = (
    queue,
    lk_graphql.identity.jobs,
    lk_graphql.profile.jobs,
    lk_graphql.uploads.jobs,
    lk_graphql.accounts.jobs,
    lk_graphql.notifications.jobs,
    lk_graphql.metering.jobs,
    lk_graphql.billing.jobs,
    lk_graphql.payments.jobs,
    lk_graphql.appeals.jobs,
    lk_graphql.contracts.jobs,
    lk_graphql.exchange.jobs,
    lk_graphql.backoffice.jobs,
)
"""Modules with jobs; the import of a module declares its jobs."""


def load_hooks() -> None:
    """Fill the registries of earlier slices. A repetition changes nothing."""
    for hooks in HOOKS:
        hooks.register()
