"""Refusals that customers read, errors of client programs, and errors of commands.

A refusal is a fact with a code («this window is closed»), worded in both languages; the API turns
it into data. Everything else that is raised is a bug or an unauthorized request.
"""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import ClassVar, Generic, Self, TypeVar

from lk_graphql.kit.formatting import format_value
from lk_graphql.kit.languages import Language


class Refusal(Exception):
    """A business rule said no.

    `path` names the input field at fault, from the input's root, as the client spells it.
    `details` fill the braces of the texts; a slice's error type may show some of them too.
    """

    code: StrEnum
    ru: ClassVar[str]
    en: ClassVar[str]

    def __init__(self, *path: str, **details: object) -> None:
        self.path = path
        self.details = details
        super().__init__(self.text(Language.EN))

    def text(self, language: Language) -> str:
        template = self.ru if language is Language.RU else self.en
        return template.format(**{k: format_value(v, language) for k, v in self.details.items()})

    def under(self, *path: str) -> Self:
        """The same refusal, found one level further in."""
        self.path = (*path, *self.path)
        return self


class Refusals(Exception):
    """Several refusals at once: a form tells all its faults, not the first only."""

    def __init__(self, found: list[Refusal]) -> None:
        self.refusals = found
        super().__init__("; ".join(map(str, found)))


class FormErrors:
    """Collects the refusals of a form's fields.

    form = Form()
    with form.field("phone"):
        phone = phones.parse(raw)
    form.check()            # raises `Refusals` if there were any
    """

    def __init__(self) -> None:
        self.found: list[Refusal] = []

    @contextmanager
    def field(self, *path: str) -> Generator[None]:
        """Refusals raised inside belong to the field at `path`."""
        try:
            yield
        except Refusal as refusal:
            self.found.append(refusal.under(*path))

    def check(self) -> None:
        if self.found:
            raise Refusals(self.found)


class NotSignedIn(Exception):
    """The request carries no session; reported among GraphQL errors as UNAUTHENTICATED."""


class Forbidden(Exception):
    """Signed in, but not allowed; reported among GraphQL errors as FORBIDDEN."""


class BadArgument(Exception):
    """An argument that the type system let through and we don't accept: BAD_REQUEST."""


Fault = TypeVar("Fault", bound=StrEnum)


class InvalidFormat(ValueError, Generic[Fault]):
    """The text itself is not kept: it is somebody's and would end in a log."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


class CommandError(Exception):
    """Its text is for the person at the terminal and says what to do next."""
