"""What the slices' tables are made of: Tortoise's model, without a look at its source.

Tortoise reads and parses the file of every model for comments that begin with `#:`, once for each
class in it, at each start: a tenth of a start, for comments that we don't write.
"""

from typing import Any

import tortoise
from tortoise.models import ModelMeta


class _WithoutComments(ModelMeta):
    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> type:
        return super().__new__(cls, name, bases, {"_no_comments": True, **attrs})


class Model(tortoise.Model, metaclass=_WithoutComments):
    """A row of a table; a slice's `models` says which."""
