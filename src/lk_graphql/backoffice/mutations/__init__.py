"""What staff can do."""

from lk_graphql.backoffice.mutations import sessions

__all__ = ["sessions"]
