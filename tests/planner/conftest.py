"""The fixtures of the tiny world; what tests import of it is in modules with names of their own."""

from tests.planner.mini_engine import both_paths, mini_rows, run, tiny_dsn

__all__ = ["both_paths", "mini_rows", "run", "tiny_dsn"]
