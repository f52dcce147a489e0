"""What the tests of the back office start from."""

from tests.support.fixtures import anna, api, boris

__all__ = ["anna", "api", "boris"]
