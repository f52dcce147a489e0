"""Fixtures of the API, its customers, and a sandbox acquirer."""

from importlib import import_module

from tests.factories.payments import sandbox, sandbox_server, scenario
from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris", "sandbox", "sandbox_server", "scenario"]

import_module("lk_graphql.payments.jobs")  # declares the jobs
