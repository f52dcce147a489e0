"""The store of budgets that all processes share."""

from collections.abc import Sequence
from typing import Protocol


class BudgetStore(Protocol):
    """Stores for each budget the time until it is full again, and nothing about its owner."""

    async def charge(self, charges: Sequence[tuple[str, int]]) -> Sequence[int]:
        """Add milliseconds to the times of budgets, by their names, and return the times.

        A budget that isn't stored is full. Raises `Unavailable`, soon.
        """
        ...

    async def close(self) -> None: ...
