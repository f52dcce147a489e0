"""Whose the rows of a type can be: the customers', everybody's or staff's."""

from dataclasses import dataclass
from typing import Final

from lk_graphql.kit.viewer import Role

PUBLIC: Final = "(public)"
"""For `owned_through`: rows that belong to nobody, and that a guest may see."""


@dataclass(frozen=True)
class StaffOnly:
    """For `owned_through`: rows that staff of this role or above may see, and no customer."""

    role: Role


Owned = str | StaffOnly | None
"""A path to the customer (`""` for their own row), `PUBLIC`, staff's; None for part of a parent."""
