"""What clients see of identity.

Enums come first: Strawberry takes one as it is when a type that shows it is declared.
"""

from lk_graphql.identity.types import choices

__all__ = ["choices"]
