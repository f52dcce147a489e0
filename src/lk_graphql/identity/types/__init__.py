"""What clients see of identity. Whoever imports any of it has its enums described."""

from lk_graphql.identity.types import choices

__all__ = ["choices"]
