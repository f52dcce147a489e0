"""What clients see of profiles. Whoever imports any of it has its enums described."""

from lk_graphql.profile.types import choices

__all__ = ["choices"]
