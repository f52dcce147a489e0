"""A street of homes: who asks there, how, and what they are answered."""

from collections import Counter
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Register
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner


@dataclass(frozen=True)
class SubmissionAnswer:
    """An answer, less what may change later: `readings` are ids, or values where none are asked."""

    codes: list[str]
    readings: list[str] = field(default_factory=list[str])
    token: str | None = None


@dataclass(repr=False)
class Street:
    """What homes have in common; `foreign` are a neighbour's register and its only reading.

    `seen` counts what was answered or done, in all homes.
    """

    api: ApiClient
    desk: ImportRunner
    people: dict[str, Viewer]
    sessions: dict[str, str]
    foreign: tuple[Register, Reading]
    seen: Counter[str] = field(default_factory=Counter[str])

    async def ask(self, query: str, who: str, given: dict[str, Any]) -> SubmissionAnswer:
        answer = await self.api.post(query, self.sessions[who], input=given)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        said = essence(payload)
        self.seen.update(said.codes)
        return said

    def agree(self, what: str, expected: str | None, said: SubmissionAnswer) -> None:
        """It was refused for the reason foretold, or done."""
        self.seen[expected or what] += 1
        assert said.codes == ([expected] if expected else []), (what, said, expected)


def essence(payload: dict[str, Any]) -> SubmissionAnswer:
    """Of each entry what became of it at first, or the code of its fault."""
    if entries := payload.get("entries"):
        codes = [
            entry["errors"][0]["code"] if entry["errors"] else entry["status"].partition("_FOR_")[0]
            for entry in entries
        ]
        sent = [entry["reading"]["id"] for entry in entries if entry["reading"]]
        return SubmissionAnswer(codes, sent, payload["confirmToken"])
    codes = [error["code"] for error in payload["errors"]]
    readings: list[dict[str, Any]] = payload.get("readings") or []
    return SubmissionAnswer(codes, [one["value"] for one in readings])


async def refused(act: Awaitable[object]) -> SubmissionAnswer:
    """Of what staff and billing do."""
    try:
        await act
    except Refusal as refusal:
        return SubmissionAnswer([refusal.code.value])
    return SubmissionAnswer([])
