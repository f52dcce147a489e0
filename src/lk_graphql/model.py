"""What the slices' tables are made of: Tortoise's model, without what we never ask of it.

Tortoise reads and parses the file of every model for comments that begin with `#:`, once for each
class in it, at each start: a tenth of a start, for comments that we don't write. And it keeps 29
conditions for each of 660 columns; the twelve that we leave out weigh 3 MiB.
"""

from typing import Any

import tortoise
from tortoise.models import ModelMeta

_NEVER_ASKED = (
    "__year", "__quarter", "__month", "__week", "__day", "__hour", "__minute", "__second",
    "__microsecond", "__search", "__posix_regex", "__iposix_regex",
)  # fmt: skip
"""An index knows none of them: days are compared with days, and words by `search_key`."""


class _Lean(ModelMeta):
    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        model: Any = super().__new__(cls, name, bases, {"_no_comments": True, **attrs})
        conditions: dict[str, Any] = model._meta._filters  # noqa: SLF001 - no other way
        for known in [known for known in conditions if known.endswith(_NEVER_ASKED)]:
            del conditions[known]
        return model


class Model(tortoise.Model, metaclass=_Lean):
    """A row of a table; a slice's `models` says which."""
