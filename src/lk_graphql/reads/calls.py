"""What a client wants answered, and the answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from graphql import ExecutionResult

from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Viewer
from lk_graphql.reads.asking import Asking
from lk_graphql.reads.looks import Look
from lk_graphql.reads.operation import Operation


class Call(NamedTuple):
    """One operation that a client wants answered; `token_hash` is the SHA-256 of its token."""

    operation: Operation
    variables: Mapping[str, object]
    token_hash: bytes
    now: datetime
    language: Language = Language.RU


class Answer(NamedTuple):
    """`data` as JSON text, who asked, and whose personal data staff see in it."""

    data: bytes
    asking: Asking
    looks: Collection[Look] = ()

    @property
    def viewer(self) -> Viewer | None:
        return self.asking.viewer


@dataclass(frozen=True)
class Change:
    """What a mutation answers, for `orjson`; `by_plan` if graphql-core ran none of it."""

    result: ExecutionResult
    by_plan: bool
