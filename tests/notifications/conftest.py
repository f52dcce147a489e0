"""The cabinet, and people who are told things."""

from importlib import import_module

from cabinet_fixtures import anna, boris, cabinet, clara

__all__ = ["anna", "boris", "cabinet", "clara"]

import_module("lk_graphql.accounts.jobs")  # declares the jobs
