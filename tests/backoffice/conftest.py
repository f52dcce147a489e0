"""What the tests of the back office start from."""

from tests.support.fixtures import anna, boris, cabinet

__all__ = ["anna", "boris", "cabinet"]
