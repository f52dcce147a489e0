"""Explanation of a bill against the previous one: a sum per cause, without remainder."""

from lk_graphql.billing.service.explanation.attribution import Cause, Effect, effects
from lk_graphql.billing.service.explanation.bills import (
    BILLS_SQL,
    PREVIOUS_SQL,
    BillFacts,
    BillLine,
    ReadingFact,
    load_bills,
    parse_bills,
)
from lk_graphql.billing.service.explanation.texts import headline, sentence, summary

__all__ = [
    "BILLS_SQL",
    "PREVIOUS_SQL",
    "BillFacts",
    "BillLine",
    "Cause",
    "Effect",
    "ReadingFact",
    "effects",
    "headline",
    "load_bills",
    "parse_bills",
    "sentence",
    "summary",
]  # fmt: skip
