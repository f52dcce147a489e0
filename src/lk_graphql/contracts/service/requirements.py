"""Requirements of an application by day, and the gaps until it can be submitted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from lk_graphql.contracts.models import ApplicationRule, ContractDocumentKind
from lk_graphql.kit.dated_rows import newest, newest_sql

_REQUIREMENTS = (
    (ContractDocumentKind.IDENTITY, "demands_identity"),
    (ContractDocumentKind.OWNERSHIP, "demands_ownership"),
    (ContractDocumentKind.GRID_CONNECTION, "demands_grid_connection"),
    (ContractDocumentKind.POWER_OF_ATTORNEY, "demands_power_of_attorney"),
)
_KINDS = ", ".join(f"CASE WHEN {column} THEN '{kind}' END" for kind, column in _REQUIREMENTS)
REQUIRED_SQL = newest_sql(
    f"to_json(ARRAY[{_KINDS}])", "application_rule", "{today}", start="from_day"
)
"""SQL of the kinds required on `{today}`, as JSON, with nulls for the others."""


async def rule_on(day: date) -> ApplicationRule:
    """Rule in force on a day. Raises LookupError for a day before the first rule."""
    rule = newest(await ApplicationRule.all(), day)
    if rule is None:
        raise LookupError(f"No rule for applications on {day:%Y-%m-%d}")
    return rule


def required_documents(rule: ApplicationRule) -> tuple[ContractDocumentKind, ...]:
    """Kinds of documents required for submission, in the form's order."""
    return tuple(kind for kind, column in _REQUIREMENTS if getattr(rule, column))


class Gap(StrEnum):
    """Requirement that an application doesn't meet yet."""

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
    """A gap; `path` points into `ContractApplicationUpdateInput`, empty for a document."""

    gap: Gap
    path: tuple[str, ...]


class FilledFields(NamedTuple):
    """Flags of an object's fields, true for a filled one."""

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
    """Yield the gaps in the form's order; `required` are the kinds of the rule in force."""
    if not objects:
        yield MissingItem(Gap.OBJECTS, ("objects",))
    for index, filled in enumerate(objects):
        for (gap, name), is_filled in zip(_FIELDS, filled, strict=True):
            if not is_filled:
                yield MissingItem(gap, ("objects", str(index), name))
    for kind in required:
        if kind not in documents:
            yield MissingItem(Gap(f"{kind}_DOCUMENT"), ())
