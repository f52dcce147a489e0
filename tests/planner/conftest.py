"""The fixtures of the tiny world; what tests import of it is in modules with names of their own."""

from tests.planner.mini_engine import paths, run, tiny_dsn, world

__all__ = ["paths", "run", "tiny_dsn", "world"]
