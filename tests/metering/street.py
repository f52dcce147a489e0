"""The environment of several homes: users, their calls and the answers."""

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
    """The stable part of an answer; `readings` are ids, or values where the query has no ids."""

    codes: list[str]
    readings: list[str] = field(default_factory=list[str])
    token: str | None = None


@dataclass(repr=False)
class Street:
    """The common part of homes; `foreign` are a neighbour's register and its only reading.

    `outcomes` counts the codes and the successful steps of all homes.
    """

    api: ApiClient
    imports: ImportRunner
    people: dict[str, Viewer]
    sessions: dict[str, str]
    foreign: tuple[Register, Reading]
    outcomes: Counter[str] = field(default_factory=Counter[str])

    async def ask(self, query: str, who: str, variables: dict[str, Any]) -> SubmissionAnswer:
        answer = await self.api.post(query, self.sessions[who], input=variables)
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        submission = submission_answer(payload)
        self.outcomes.update(submission.codes)
        return submission

    def agree(self, step: str, expected: str | None, answer: SubmissionAnswer) -> None:
        """Assert that a step was refused with the expected code, or done."""
        self.outcomes[expected or step] += 1
        assert answer.codes == ([expected] if expected else []), (step, answer, expected)


def submission_answer(payload: dict[str, Any]) -> SubmissionAnswer:
    """The first state of each entry, or the code of its fault."""
    if entries := payload.get("entries"):
        codes = [
            entry["errors"][0]["code"] if entry["errors"] else entry["status"].partition("_FOR_")[0]
            for entry in entries
        ]
        ids = [entry["reading"]["id"] for entry in entries if entry["reading"]]
        return SubmissionAnswer(codes, ids, payload["confirmToken"])
    codes = [error["code"] for error in payload["errors"]]
    readings: list[dict[str, Any]] = payload.get("readings") or []
    return SubmissionAnswer(codes, [reading["value"] for reading in readings])


async def refused(act: Awaitable[object]) -> SubmissionAnswer:
    """The answer to an action of staff or billing."""
    try:
        await act
    except Refusal as refusal:
        return SubmissionAnswer([str(refusal.code)])
    return SubmissionAnswer([])
