"""The cabinet, people, and an acquirer on a socket."""

from importlib import import_module

from tests.factories.payments import at_work, sandbox, sandbox_server
from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "at_work", "boris", "cabinet", "sandbox", "sandbox_server"]

import_module("lk_graphql.payments.jobs")  # declares the jobs
