"""What the tests of the back office start from."""

from cabinet_fixtures import anna, boris, cabinet

from lk_graphql.accounts import jobs as of_accounts  # the services enqueue what they declare
from lk_graphql.identity import jobs as of_identity

__all__ = ["anna", "boris", "cabinet", "of_accounts", "of_identity"]
