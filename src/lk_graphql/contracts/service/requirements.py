"""Requirements of an application by day, and the gaps until it can be submitted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lk_graphql.contracts.models import ApplicationRule, ContractDocumentKind

_REQUIREMENTS = (
    (ContractDocumentKind.IDENTITY, "demands_identity"),
    (ContractDocumentKind.OWNERSHIP, "demands_ownership"),
    (ContractDocumentKind.GRID_CONNECTION, "demands_grid_connection"),
    (ContractDocumentKind.POWER_OF_ATTORNEY, "demands_power_of_attorney"),
)
REQUIRED_SQL = "ARRAY[{}]".format(
    ", ".join(f"CASE WHEN {column} THEN '{kind}' END" for kind, column in _REQUIREMENTS)
)
"""The demanded kinds over the rule's columns, with nulls among them."""


async def rule_on(day: date) -> ApplicationRule:
    """Raises LookupError before the first rule's day: migrations bring one of long ago."""
    rule = await ApplicationRule.filter(from_day__lte=day).order_by("-from_day").first()
    if rule is None:
        raise LookupError(f"No rule for applications on {day:%Y-%m-%d}")
    return rule


def required_documents(rule: ApplicationRule) -> tuple[ContractDocumentKind, ...]:
    """The kinds of documents without which nothing can be submitted, in the form's order."""
    return tuple(kind for kind, column in _REQUIREMENTS if getattr(rule, column))


class Gap(StrEnum):
    """What is missing."""

    OBJECTS = "OBJECTS"
    ADDRESS = "ADDRESS"
    KIND = "KIND"
    POWER = "POWER"
    PURPOSE = "PURPOSE"
    IDENTITY_DOCUMENT = "IDENTITY_DOCUMENT"
    OWNERSHIP_DOCUMENT = "OWNERSHIP_DOCUMENT"
    GRID_CONNECTION_DOCUMENT = "GRID_CONNECTION_DOCUMENT"
    POWER_OF_ATTORNEY_DOCUMENT = "POWER_OF_ATTORNEY_DOCUMENT"


class MissingItem(NamedTuple):
    """`path` is the field of `ContractApplicationUpdateInput` where it goes, if there is one."""

    gap: Gap
    path: tuple[str, ...]


class FilledFields(NamedTuple):
    """What is there of an object."""

    address: bool
    kind: bool
    power: bool
    purpose: bool


_FIELDS = (
    (Gap.ADDRESS, "address"),
    (Gap.KIND, "kind"),
    (Gap.POWER, "powerKw"),
    (Gap.PURPOSE, "purpose"),
)


def missing_items(
    objects: Sequence[FilledFields],
    documents: Collection[ContractDocumentKind],
    required: Sequence[ContractDocumentKind],
) -> Iterator[MissingItem]:
    """In the order of the form; `demanded` are the kinds that a rule asks for."""
    if not objects:
        yield MissingItem(Gap.OBJECTS, ("objects",))
    for index, known in enumerate(objects):
        for (gap, name), is_there in zip(_FIELDS, known, strict=True):
            if not is_there:
                yield MissingItem(gap, ("objects", str(index), name))
    for kind in required:
        if kind not in documents:
            yield MissingItem(Gap(f"{kind}_DOCUMENT"), ())
