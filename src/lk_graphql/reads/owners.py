"""Whose the rows of a type can be: the customers', everybody's or staff's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lk_graphql.kit.viewer import Role

PUBLIC: Final = "(public)"
"""For `owned_through`: rows that belong to nobody, and that a guest may see."""


@dataclass(frozen=True)
class StaffOnly:
    """For `owned_through`: rows that staff of this role or above may see, and no customer.

    `only` are conditions on what their ids show: a draft isn't the supplier's business yet.
    Lists have conditions of their own.
    """

    role: Role
    only: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


Owned = str | StaffOnly | None
"""A path to the customer (`""` for their own row), `PUBLIC`, staff's; None for part of a parent."""
