"""What applications may hold and must show: the rule of a day."""

from datetime import date

from lk_graphql.contracts.models import ApplicationRule, ContractDocumentKind

_DEMANDS = (
    (ContractDocumentKind.IDENTITY, "demands_identity"),
    (ContractDocumentKind.OWNERSHIP, "demands_ownership"),
    (ContractDocumentKind.GRID_CONNECTION, "demands_grid_connection"),
    (ContractDocumentKind.POWER_OF_ATTORNEY, "demands_power_of_attorney"),
)
DEMANDED_IN_SQL = "ARRAY[{}]".format(
    ", ".join(f"CASE WHEN {column} THEN '{kind}' END" for kind, column in _DEMANDS)
)
"""The demanded kinds over the rule's columns, with nulls among them."""


async def rule_on(day: date) -> ApplicationRule:
    """Raises LookupError before the first rule's day: migrations bring one of long ago."""
    rule = await ApplicationRule.filter(from_day__lte=day).order_by("-from_day").first()
    if rule is None:
        raise LookupError(f"No rule for applications on {day:%Y-%m-%d}")
    return rule


def demanded(rule: ApplicationRule) -> tuple[ContractDocumentKind, ...]:
    """The kinds of documents without which nothing can be submitted, in the form's order."""
    return tuple(kind for kind, column in _DEMANDS if getattr(rule, column))
