"""Whatever a customer and a clerk do to an application in whatever order, a plain book agrees."""

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
    """One application, and what a plain book says of it."""

    def __init__(self, viewer: Viewer, key: UUID, dice: Random) -> None:
        self.viewer, self.key, self.dice, self.now = viewer, key, dice, NOW
        self.state, self.version, self.places, self.files = "DRAFT", 1, 0, 0
        self.taken, self.steps = False, ["CREATED"]

    async def step(self) -> None:
        self.now += timedelta(minutes=1)
        act, allowed = self.dice.choice(self._acts())
        try:
            await act()
        except (Refusal, Refusals):
            assert not allowed, act
        else:
            assert allowed, act

    def _acts(self) -> list[tuple[Callable[[], Awaitable[None]], bool]]:
        is_draft, asked = self.state == "DRAFT", self.state == "QUESTION"
        is_open = self.state in {"SUBMITTED", "IN_REVIEW", "QUESTION"}
        whole = self.places > 0 and self.files >= 2
        return [
            (self.save, is_draft),
            (self.save_over, False),
            (self.attach, is_draft or asked),
            (self.submit, is_draft and whole),
            (self.submit, is_draft and whole),
            *([(self.withdraw, is_draft or is_open)] if self.dice.random() < 0.5 else []),
            (self.answer, asked),
            (self.claim, is_open),
            (self.ask, self.state == "IN_REVIEW" and self.taken),
            (self.give_back, self.state in {"SUBMITTED", "IN_REVIEW"}),
            *([(self.decide, is_open and self.taken)] if self.dice.random() < 0.3 else []),
        ]

    async def save(self) -> None:
        count = self.dice.randint(0, 3)
        draft = DraftRef(self.key, self.version)
        await applications.update(self.viewer, draft, [HOUSE] * count, now=self.now, today=TODAY)
        self.places, self.version = count, self.version + 1

    async def save_over(self) -> None:
        """From a window that has seen an older version, or none that there is."""
        draft = DraftRef(self.key, self.version + self.dice.choice([-1, 1]))
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
        self._went("SUBMITTED")

    async def withdraw(self) -> None:
        await applications.withdraw(self.viewer, self.key, now=self.now)
        self._went("WITHDRAWN")

    async def answer(self) -> None:
        await applications.answer(self.viewer, self.key, "Да", now=self.now)
        self._went("IN_REVIEW", "ANSWERED")

    async def claim(self) -> None:
        await review.claim(CLERK, self.key, now=self.now)
        if not self.taken:
            self._went("IN_REVIEW", "CLAIMED")
        self.taken = True

    async def ask(self) -> None:
        await review.ask_question(CLERK, self.key, "Что?", now=self.now)
        self._went("QUESTION", "ASKED")

    async def give_back(self) -> None:
        await review.transfer(self.key, to=None, now=self.now)
        self.state, self.taken = "SUBMITTED", False

    async def decide(self) -> None:
        yes = self.dice.random() < 0.5
        await review.decide(CLERK, self.key, is_approved=yes, typed="Так", now=self.now)
        self._went("APPROVED" if yes else "DECLINED")

    def _went(self, state: str, step: str = "") -> None:
        self.state = state
        self.steps.append(step or state)

    async def check(self) -> None:
        """The rows say what the book says: nothing saved is lost, nothing refused has happened."""
        row = await Application.get(id=self.key)
        assert (row.state, row.version) == (self.state, self.version)
        assert (row.clerk_id is not None) == self.taken
        assert (row.number is None) == ("SUBMITTED" not in self.steps)
        assert await ApplicationObject.filter(application_id=self.key).count() == self.places
        assert await ApplicationDocument.filter(application_id=self.key).count() == self.files
        events = ApplicationEvent.filter(application_id=self.key).order_by("happened_at")
        assert await events.values_list("kind", flat=True) == self.steps


async def test_an_application_is_what_the_book_says(anna: Viewer):
    seen: set[str] = set()
    for seed in range(SEEDS):
        key = await applications.create(anna, [], now=NOW, today=TODAY)
        walk = Walk(anna, key, Random(seed))
        for _ in range(STEPS):
            await walk.step()
            await walk.check()
        seen.update(walk.steps)
    assert {"SUBMITTED", "WITHDRAWN", "CLAIMED"} <= seen, "walks that lead nowhere prove little"
