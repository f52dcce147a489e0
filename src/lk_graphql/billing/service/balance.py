"""A month of an account on one line («сальдовая ведомость»)."""

from dataclasses import dataclass

from lk_graphql.kit.money import Kopecks


@dataclass(frozen=True)
class BalanceSheet:
    """Owed is positive, paid ahead negative; `penalty` and `paid` are never negative."""

    opening: Kopecks
    charged: Kopecks
    recalculated: Kopecks
    penalty: Kopecks
    paid: Kopecks

    @property
    def closing(self) -> Kopecks:
        added = self.charged + self.recalculated + self.penalty
        return Kopecks(self.opening + added - self.paid)
