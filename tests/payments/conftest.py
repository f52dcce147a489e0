"""The cabinet, people, and an acquirer on a socket."""

from importlib import import_module

from cabinet_fixtures import anna, boris, cabinet
from given_payments import at_work, sandbox, sandbox_server

__all__ = ["anna", "at_work", "boris", "cabinet", "sandbox", "sandbox_server"]

import_module("lk_graphql.payments.jobs")  # declares the jobs
