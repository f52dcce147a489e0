"""What the tests of the back office start from."""

from cabinet_fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
