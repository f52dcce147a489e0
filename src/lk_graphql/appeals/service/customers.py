"""Use cases of customers: create, reply, close, reopen and rate appeals."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import (
    AppealErrorCode,
    AppealNotAnswered,
    AppealNotClosed,
    NameNotHideable,
    RatingInvalid,
    ReopeningTooLate,
    TooManyAppeals,
    TopicNotFound,
)
from lk_graphql.appeals.models import Appeal, AppealState, AppealTopic, Direction
from lk_graphql.appeals.service import attachments, threads
from lk_graphql.appeals.service import topics as terms
from lk_graphql.appeals.service.subjects import Chosen, Snapshot, snapshot
from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.guards.idempotency import Demand, once
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import Form
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import enqueue


async def next_number(today: date) -> str:
    """«О-2026-000123»: never given twice; a refused appeal may leave a gap."""
    (row,) = await raw_sql.fetch("SELECT nextval('appeal_number') AS number")
    return f"О-{today.year}-{row['number']:06}"


REOPENED_WITHIN = timedelta(days=30)
RATINGS = (1, 5)
# Each appeal is a mail and a clerk's work; a message of a thread is read by a clerk too.
APPEALS_OF_USER = rate_limits.Limit(
    "appeal/user",
    (rate_limits.Window(10, rate_limits.HOUR), rate_limits.Window(20, rate_limits.DAY)),
    TooManyAppeals,
)
MESSAGES_OF_USER = rate_limits.Limit(
    "appeal-message/user",
    (rate_limits.Window(30, rate_limits.HOUR), rate_limits.Window(100, rate_limits.DAY)),
    TooManyAppeals,
)


@dataclass(frozen=True)
class Letter:
    """What a customer sends."""

    topic_id: UUID | None
    text: str
    about: Chosen | None = None
    uploads: tuple[UUID | None, ...] = ()
    hides_name: bool = False


@dataclass(frozen=True)
class Sending:
    """How it is sent: once for each `key`, at a moment, to a company, whose days count."""

    key: str
    now: datetime
    company: Company
    links: Links

    @property
    def today(self) -> date:
        return self.company.today(self.now)


async def create(viewer: Viewer, letter: Letter, sending: Sending) -> UUID:
    """Register an appeal and promise a mail with its number; the appeal's key.

    Raises `TopicNotFound`, `TextInvalid`, `SubjectNotFound`, `NameNotHideable`,
    `TooManyAttachments`, `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.spend(APPEALS_OF_USER, viewer.id, links=sending.links, now=sending.now)

    async def act() -> UUID:
        return await _register(viewer, letter, sending)

    return await _once("appealCreate", viewer, asdict(letter), act, sending)


async def reply(
    viewer: Viewer,
    appeal_id: UUID | None,
    text: str,
    sending: Sending,
    uploads: tuple[UUID | None, ...] = (),
) -> UUID:
    """Add a message to an appeal; the message's key. The answer is due anew.

    Raises `AppealNotFound`, `AppealClosed`, `TextInvalid`, `TooManyAttachments`,
    `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.spend(MESSAGES_OF_USER, viewer.id, links=sending.links, now=sending.now)

    async def act() -> UUID:
        appeal = await threads.own_appeal(viewer, appeal_id)
        message = await threads.add(appeal, Direction.SENT, threads.tidy(text), now=sending.now)
        await attachments.attach(viewer, message, uploads, now=sending.now)
        if appeal.state is AppealState.ANSWERED:
            await _await_answer(appeal, sending.today)
        return message.id

    return await _once("appealReply", viewer, [appeal_id, text, uploads], act, sending)


async def mark_read(viewer: Viewer, appeal_id: UUID | None, *, until: int, now: datetime) -> UUID:
    """The customer has read the messages up to the number `until`. Raises `AppealNotFound`."""
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        await threads.mark_read(appeal, Direction.RECEIVED, until, now=now)
    return appeal.id


async def close(
    viewer: Viewer, appeal_id: UUID | None, *, rating: int | None, now: datetime
) -> UUID:
    """Nothing more is expected of us; with a rating if it was answered.

    Raises `AppealNotFound`, `AppealClosed`, `AppealNotAnswered`, `RatingInvalid`.
    """
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        if rating is not None:
            _demand_ratable(appeal, rating)
            appeal.rating = rating
        await threads.close(appeal, now=now)
    return appeal.id


async def reopen(
    viewer: Viewer,
    appeal_id: UUID | None,
    text: str,
    sending: Sending,
    uploads: tuple[UUID | None, ...] = (),
) -> UUID:
    """Go on with a closed appeal by a message; the answer is due anew, the rating is void.

    Raises `AppealNotFound`, `AppealNotClosed`, `ReopeningTooLate`, `TextInvalid`,
    `TooManyAttachments`, `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.spend(MESSAGES_OF_USER, viewer.id, links=sending.links, now=sending.now)

    async def act() -> UUID:
        appeal = await threads.own_appeal(viewer, appeal_id)
        if appeal.closed_at is None:
            raise AppealNotClosed("appealId")
        if sending.now - appeal.closed_at > REOPENED_WITHIN:
            raise ReopeningTooLate("appealId")
        appeal.closed_at = appeal.rating = None
        await _await_answer(appeal, sending.today)
        message = await threads.add(appeal, Direction.SENT, threads.tidy(text), now=sending.now)
        await attachments.attach(viewer, message, uploads, now=sending.now)
        return appeal.id

    return await _once("appealReopen", viewer, [appeal_id, text, uploads], act, sending)


async def rate(viewer: Viewer, appeal_id: UUID | None, rating: int) -> UUID:
    """Say how good the answer was; a later rating replaces it.

    Raises `AppealNotFound`, `AppealNotAnswered`, `RatingInvalid`.
    """
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        _demand_ratable(appeal, rating)
        appeal.rating = rating
        await appeal.save(update_fields=["rating"])
    return appeal.id


async def _register(viewer: Viewer, letter: Letter, sending: Sending) -> UUID:
    topic, text, about = await _checked(viewer, letter, sending.company)
    appeal = await Appeal.create(
        user_id=viewer.id,
        topic=topic,
        number=await next_number(sending.today),
        hides_name=letter.hides_name,
        account_id=about and about.account_id,
        subject_kind=about and about.kind,
        subject_id=about and about.key,
        subject_facts=about and about.facts,
        created_at=sending.now,
        due_on=await terms.due_on(topic.id, sending.today),
    )
    message = await threads.add(appeal, Direction.SENT, text, now=sending.now)
    await attachments.attach(viewer, message, letter.uploads, now=sending.now)
    await enqueue("appeals.mail_registered", appeal_id=appeal.id)
    return appeal.id


async def _checked(
    viewer: Viewer, letter: Letter, company: Company
) -> tuple[AppealTopic, str, Snapshot | None]:
    """All that is wrong with it at once. Raises `Refusals`."""
    form, text, about = Form(), "", None
    topics = await AppealTopic.filter(id=letter.topic_id, is_offered=True)
    with form.field():
        if not topics:
            raise TopicNotFound("topicId")
    with form.field():
        if letter.hides_name and not all(topic.may_hide_name for topic in topics):
            raise NameNotHideable("hidesName")
    with form.field():
        text = threads.tidy(letter.text)
    with form.field():
        about = letter.about and await snapshot(viewer, letter.about, company)
    form.check()
    return topics[0], text, about


async def _await_answer(appeal: Appeal, today: date) -> None:
    """Back to the staff: to the clerk who has it, or into the queue."""
    appeal.state = AppealState.IN_PROGRESS if appeal.clerk_id else AppealState.NEW
    appeal.due_on = await terms.due_on(appeal.topic_id, today)
    appeal.escalated_at = None
    changed = ["state", "due_on", "escalated_at", "closed_at", "rating"]
    await appeal.save(update_fields=changed)


def _demand_ratable(appeal: Appeal, rating: int) -> None:
    least, most = RATINGS
    if not least <= rating <= most:
        raise RatingInvalid("rating", least=least, most=most)
    if appeal.answered_at is None:
        raise AppealNotAnswered("appealId")


async def _once(
    mutation: str,
    viewer: Viewer,
    body: object,
    act: Callable[[], Awaitable[UUID]],
    sending: Sending,
) -> UUID:
    async def kept() -> list[str]:
        return [(await act()).hex]

    demand = Demand(mutation, sending.key, body)
    outcome = await once(viewer, demand, kept, codes=AppealErrorCode, now=sending.now)
    (key,) = cast("list[str]", outcome)
    return UUID(key)
