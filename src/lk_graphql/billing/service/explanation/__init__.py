"""Why a bill differs from the one before: a sum in kopecks for each cause, and no rest."""

from lk_graphql.billing.service.explanation.effects import Cause, Effect, effects
from lk_graphql.billing.service.explanation.facts import (
    BILLS_IN_SQL,
    Bill,
    Line,
    ReadingFact,
    bills_in,
)
from lk_graphql.billing.service.explanation.words import headline, sentence, summary

__all__ = [
    "BILLS_IN_SQL", "Bill", "Cause", "Effect", "Line", "ReadingFact", "bills_in", "effects",
    "headline", "sentence", "summary",
]  # fmt: skip
