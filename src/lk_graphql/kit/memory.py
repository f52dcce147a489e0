"""What was found lately is kept, by weight: of what strangers ask for, a count bounds nothing."""

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

Key = TypeVarTuple("Key")
Found = TypeVar("Found")
_NOTHING: Any = object()


def remembering(
    find: Callable[[*Key], Found], weight: Callable[[*Key, Found], int], most: int
) -> Callable[[*Key], Found]:
    """`find`, asked again only for what has been forgotten. What it raises isn't remembered.

    What is kept weighs no more than `most`, if no single thing takes half of that. There are two
    generations instead of an order of use, so what is known costs a look into a dict and nothing
    is written: when the young would weigh more than half of `most`, the old are forgotten, but
    for those that were asked for in between.
    """
    young: dict[tuple[*Key], Found] = {}
    old: dict[tuple[*Key], Found] = {}
    weighs = 0

    def remembered(*key: *Key) -> Found:
        nonlocal young, old, weighs
        known: Any = young.get(key, _NOTHING)
        if known is not _NOTHING:
            return known
        found = old.pop(key) if key in old else find(*key)
        weighs += (one := weight(*key, found))
        if 2 * weighs > most:
            young, old, weighs = {}, young, one
        young[key] = found
        return found

    return remembered
