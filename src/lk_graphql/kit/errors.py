"""Refusals that customers read, errors of client programs, and errors of commands.

A refusal is a violated business rule with a code and a text in both languages; the API returns it
as data. Other exceptions are bugs or unauthorized requests.
"""

from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from typing import ClassVar, Generic, Self, TypeVar

from lk_graphql.kit.formatting import format_value
from lk_graphql.kit.languages import Language
from lk_graphql.kit.pasted_text import StrangeCharacter


class Refusal(Exception):
    """A violated business rule.

    `code` is a value of the slice's enum of error codes, or its name. The API reports the value of
    this name in the enum of the mutation's error type, so a slice raises the refusals of earlier
    slices, of `guards` and of `kit` as they are. It has a class of its own for another code or
    other texts.

    `path` is the path of the invalid field from the input's root, in GraphQL names. `details` are
    the values of the texts' placeholders; a slice's error type may expose some of them.
    """

    code: str
    ru: ClassVar[str]
    en: ClassVar[str]
    strange: StrangeCharacter | None = None
    """The character that makes the field's value invalid."""

    def __init__(self, *path: str, **details: object) -> None:
        self.path = path
        self.details = details
        super().__init__(self.text(Language.EN))

    def text(self, language: Language) -> str:
        template = self.ru if language is Language.RU else self.en
        details = {k: format_value(v, language) for k, v in self.details.items()}
        return self.with_strange_character(template.format(**details), language)

    def with_strange_character(self, text: str, language: Language) -> str:
        """The text and a sentence that names the character and its place."""
        if self.strange is None:
            return text
        sentence = self.strange.text(language)
        return f"{text} {sentence[0].upper()}{sentence[1:]}."

    def under(self, *path: str) -> Self:
        """Prefix the path of the refusal."""
        self.path = (*path, *self.path)
        return self


class Refusals(Exception):
    """All refusals of a form."""

    def __init__(self, refusals: list[Refusal]) -> None:
        self.refusals = refusals
        super().__init__("; ".join(map(str, refusals)))


def refusals_of(error: Refusal | Refusals) -> list[Refusal]:
    """One refusal or several, as a list."""
    return error.refusals if isinstance(error, Refusals) else [error]


class FormErrors:
    """Collects the refusals of a form's fields.

    form = FormErrors()
    with form.field("phone"):
        phone = phones.parse(raw)
    form.check()            # raises `Refusals` if there were any
    """

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    @contextmanager
    def field(self, *path: str) -> Generator[None]:
        """Collect a refusal that is raised inside, for the field at `path`."""
        try:
            yield
        except Refusal as refusal:
            self.refusals.append(refusal.under(*path))

    def check(self) -> None:
        if self.refusals:
            raise Refusals(self.refusals)


class NotSignedIn(Exception):
    """The request carries no session; reported among GraphQL errors as UNAUTHENTICATED."""


class Forbidden(Exception):
    """Signed in, but not allowed; reported among GraphQL errors as FORBIDDEN."""


class Unavailable(Exception):
    """A required service is unavailable or overloaded; reported as UNAVAILABLE with 503.

    `service` is its name in the log, `retry_after` the seconds to wait before a repeat. The client
    doesn't know the outcome of its call, and may repeat the call with its idempotency key.
    """

    def __init__(self, service: str, retry_after: int = 5) -> None:
        self.service = service
        self.retry_after = retry_after
        super().__init__(f"{service} is not available")

    @property
    def reason(self) -> str | None:
        """The class of the error that was raised by the service, for the log."""
        return type(self.__cause__).__name__ if self.__cause__ else None


class BadArgument(Exception):
    """An invalid argument of a valid type; reported among GraphQL errors as BAD_REQUEST."""


Fault = TypeVar("Fault", bound=StrEnum)


class InvalidFormat(ValueError, Generic[Fault]):
    """A text of an invalid format. The exception omits the text, which may be personal data.

    `strange` is the character that makes the text invalid, if there is one.
    """

    def __init__(self, fault: Fault, strange: StrangeCharacter | None = None) -> None:
        self.fault = fault
        self.strange = strange
        super().__init__(fault.value)


class CommandError(Exception):
    """An error of an `lk` command; its message states the next step."""
