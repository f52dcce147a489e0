"""Explanation of a bill against the previous one: a sum per cause, without remainder."""

from lk_graphql.billing.service.explanation.attribution import Cause, Effect, effects
from lk_graphql.billing.service.explanation.bills import (
    BILLS_IN_SQL,
    Bill,
    Line,
    ReadingFact,
    bills_in,
)
from lk_graphql.billing.service.explanation.texts import headline, sentence, summary

__all__ = [
    "BILLS_IN_SQL", "Bill", "Cause", "Effect", "Line", "ReadingFact", "bills_in", "effects",
    "headline", "sentence", "summary",
]  # fmt: skip
