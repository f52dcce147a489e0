"""Refusals of what may be sent twice; each slice that takes such keys has their codes."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language

_PATH = "idempotencyKey"


class IdempotencyConflict(Refusal):
    """The key has been used, for something else: the client has a bug, or two minds."""

    ru = "Этот ключ уже использован для другого запроса. Повторите действие с новым ключом."
    en = "This key has been used for another request. Please repeat it with a new key."

    def __init__(self, codes: type[StrEnum]) -> None:
        self.code = codes("IDEMPOTENCY_CONFLICT")
        super().__init__(_PATH)


class IdempotencyKeyInvalid(Refusal):
    ru = "Ключ повторного запроса — от 1 до {longest} печатных знаков ASCII."
    en = "An idempotency key has 1 to {longest} printable ASCII characters."

    def __init__(self, codes: type[StrEnum], *, longest: int) -> None:
        self.code = codes("IDEMPOTENCY_KEY_INVALID")
        super().__init__(_PATH, longest=longest)


class RefusedBefore(Refusal):
    """What was refused the first time, in the words of that time."""

    def __init__(self, code: StrEnum, path: Sequence[str], texts: Mapping[str, str]) -> None:
        self.code = code
        self._texts = texts
        super().__init__(*path)

    def text(self, language: Language) -> str:
        return self._texts[language.code]
