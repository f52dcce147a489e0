"""Random operations of a customer and a clerk on an application, compared with a model."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from uuid import UUID

from lk_graphql.contracts.models import (
    Application,
    ApplicationDocument,
    ApplicationEvent,
    ApplicationObject,
    ContractDocumentKind,
)
from lk_graphql.contracts.service import applications, review
from lk_graphql.contracts.service.applications import DocumentDraft, DraftRef
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Role, StaffViewer, Viewer
from tests.factories.accounts import NOW
from tests.factories.applications import HOUSE, given_file

SEEDS, STEPS = 6, 25
TODAY = NOW.date()
CLERK = StaffViewer(new_key(), new_key(), Role.CLERK)


class Walk:
    """An application with a model of its expected state."""

    def __init__(self, viewer: Viewer, key: UUID, rng: Random) -> None:
        self.viewer, self.key, self.rng, self.now = viewer, key, rng, NOW
        self.state, self.version, self.objects, self.files = "DRAFT", 1, 0, 0
        self.is_claimed, self.steps = False, ["CREATED"]

    async def step(self) -> None:
        self.now += timedelta(minutes=1)
        operation, is_allowed = self.rng.choice(self._operations())
        try:
            await operation()
        except (Refusal, Refusals):
            assert not is_allowed, operation
        else:
            assert is_allowed, operation

    def _operations(self) -> list[tuple[Callable[[], Awaitable[None]], bool]]:
        is_draft, has_question = self.state == "DRAFT", self.state == "QUESTION"
        is_open = self.state in {"SUBMITTED", "IN_REVIEW", "QUESTION"}
        is_complete = self.objects > 0 and self.files >= 2
        return [
            (self.save, is_draft),
            (self.save_over, False),
            (self.attach, is_draft or has_question),
            (self.submit, is_draft and is_complete),
            (self.submit, is_draft and is_complete),
            *([(self.withdraw, is_draft or is_open)] if self.rng.random() < 0.5 else []),
            (self.answer, has_question),
            (self.claim, is_open),
            (self.ask, self.state == "IN_REVIEW" and self.is_claimed),
            (self.give_back, self.state in {"SUBMITTED", "IN_REVIEW"}),
            *([(self.decide, is_open and self.is_claimed)] if self.rng.random() < 0.3 else []),
        ]

    async def save(self) -> None:
        count = self.rng.randint(0, 3)
        draft = DraftRef(self.key, self.version)
        await applications.update(self.viewer, draft, [HOUSE] * count, now=self.now, today=TODAY)
        self.objects, self.version = count, self.version + 1

    async def save_over(self) -> None:
        """Save with an outdated version, or one that doesn't exist yet."""
        draft = DraftRef(self.key, self.version + self.rng.choice([-1, 1]))
        await applications.update(self.viewer, draft, [], now=self.now, today=TODAY)

    async def attach(self) -> None:
        kind = [*ContractDocumentKind][self.files % 2]
        upload = await given_file(self.viewer, self.now)
        document = DocumentDraft(kind, upload.id)
        await applications.attach(self.viewer, self.key, document, now=self.now, today=TODAY)
        self.files, self.version = self.files + 1, self.version + 1

    async def submit(self) -> None:
        draft = DraftRef(self.key, self.version)
        await applications.submit(self.viewer, draft, now=self.now, today=TODAY)
        self._advance("SUBMITTED")

    async def withdraw(self) -> None:
        await applications.withdraw(self.viewer, self.key, now=self.now)
        self._advance("WITHDRAWN")

    async def answer(self) -> None:
        await applications.answer(self.viewer, self.key, "Да", now=self.now)
        self._advance("IN_REVIEW", "ANSWERED")

    async def claim(self) -> None:
        await review.claim(CLERK, self.key, now=self.now)
        if not self.is_claimed:
            self._advance("IN_REVIEW", "CLAIMED")
        self.is_claimed = True

    async def ask(self) -> None:
        await review.ask_question(CLERK, self.key, "Что?", now=self.now)
        self._advance("QUESTION", "ASKED")

    async def give_back(self) -> None:
        await review.transfer(self.key, member_id=None, now=self.now)
        self.state, self.is_claimed = "SUBMITTED", False

    async def decide(self) -> None:
        is_approved = self.rng.random() < 0.5
        await review.decide(
            CLERK, self.key, is_approved=is_approved, reason_text="Так", now=self.now
        )
        self._advance("APPROVED" if is_approved else "DECLINED")

    def _advance(self, state: str, step: str = "") -> None:
        self.state = state
        self.steps.append(step or state)

    async def check(self) -> None:
        """Compare the rows with the model."""
        row = await Application.get(id=self.key)
        assert (row.state, row.version) == (self.state, self.version)
        assert (row.clerk_id is not None) == self.is_claimed
        assert (row.number is None) == ("SUBMITTED" not in self.steps)
        assert await ApplicationObject.filter(application_id=self.key).count() == self.objects
        assert await ApplicationDocument.filter(application_id=self.key).count() == self.files
        events = ApplicationEvent.filter(application_id=self.key).order_by("happened_at", "id")
        assert await events.values_list("kind", flat=True) == self.steps


async def test_random_steps_on_an_application_agree_with_the_model(anna: Viewer):
    steps: set[str] = set()
    for seed in range(SEEDS):
        key = await applications.create(anna, [], now=NOW, today=TODAY)
        walk = Walk(anna, key, Random(seed))
        for _ in range(STEPS):
            await walk.step()
            await walk.check()
        steps.update(walk.steps)
    assert {"SUBMITTED", "WITHDRAWN", "CLAIMED"} <= steps, "the seeds must reach these states"
