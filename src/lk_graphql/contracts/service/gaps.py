"""What is missing until an application can be submitted: data, not a refusal."""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from lk_graphql.contracts.models import ContractDocumentKind


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


class Missing(NamedTuple):
    """`path` is the field of `ContractApplicationUpdateInput` where it goes, if there is one."""

    gap: Gap
    path: tuple[str, ...]


class Known(NamedTuple):
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


def missing(
    objects: Sequence[Known],
    documents: Collection[ContractDocumentKind],
    demanded: Sequence[ContractDocumentKind],
) -> Iterator[Missing]:
    """In the order of the form; `demanded` are the kinds that a rule asks for."""
    if not objects:
        yield Missing(Gap.OBJECTS, ("objects",))
    for index, known in enumerate(objects):
        for (gap, name), is_there in zip(_FIELDS, known, strict=True):
            if not is_there:
                yield Missing(gap, ("objects", str(index), name))
    for kind in demanded:
        if kind not in documents:
            yield Missing(Gap(f"{kind}_DOCUMENT"), ())
