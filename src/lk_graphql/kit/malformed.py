"""What `phones`, `emails` and `names` raise when a text isn't one: one way for all three.

`parse(text)` answers the normalised value or raises its module's kind of `Malformed`, whose
`fault` says what is wrong; a slice words it: `with form.field("phone"): ...`.
"""

from enum import StrEnum
from typing import Generic, TypeVar

Fault = TypeVar("Fault", bound=StrEnum)


class Malformed(ValueError, Generic[Fault]):
    """The text itself is not kept: it is somebody's and would end in a log."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)
