"""Fixtures over the mini schema."""

from tests.planner.mini_engine import both_paths, mini_dsn, mini_rows, run

__all__ = ["both_paths", "mini_dsn", "mini_rows", "run"]
