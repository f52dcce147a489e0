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
from lk_graphql.appeals.service.subjects import SubjectRef, SubjectSnapshot, snapshot
from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.guards.idempotency import IdempotentRequest, run_once
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import enqueue


async def next_number(today: date) -> str:
    """«О-2026-000123»: never given twice; a refused appeal may leave a gap."""
    (row,) = await raw_sql.fetch("SELECT nextval('appeal_number') AS number")
    return f"О-{today.year}-{row['number']:06}"


REOPENING_PERIOD = timedelta(days=30)
RATINGS = (1, 5)
# Each appeal is a mail and a clerk's work; a message of a thread is read by a clerk too.
APPEALS_PER_USER = rate_limits.AttemptLimit(
    "appeal/user",
    (
        rate_limits.AttemptWindow(10, rate_limits.HOUR),
        rate_limits.AttemptWindow(20, rate_limits.DAY),
    ),
    TooManyAppeals,
)
MESSAGES_PER_USER = rate_limits.AttemptLimit(
    "appeal-message/user",
    (
        rate_limits.AttemptWindow(30, rate_limits.HOUR),
        rate_limits.AttemptWindow(100, rate_limits.DAY),
    ),
    TooManyAppeals,
)


@dataclass(frozen=True)
class AppealDraft:
    """What a customer sends."""

    topic_id: UUID | None
    text: str
    about: SubjectRef | None = None
    uploads: tuple[UUID | None, ...] = ()
    hides_name: bool = False


@dataclass(frozen=True)
class SubmitOptions:
    """How it is sent: once for each `key`, at a moment, to a company, whose days count."""

    key: str
    now: datetime
    company: Company
    links: Signer

    @property
    def today(self) -> date:
        return self.company.today(self.now)


async def create(viewer: Viewer, draft: AppealDraft, options: SubmitOptions) -> UUID:
    """Register an appeal and promise a mail with its number; the appeal's key.

    Raises `TopicNotFound`, `TextInvalid`, `SubjectNotFound`, `NameNotHideable`,
    `TooManyAttachments`, `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.count_attempt(
        APPEALS_PER_USER, viewer.id, signer=options.links, now=options.now
    )

    async def act() -> UUID:
        return await _register(viewer, draft, options)

    return await _run_once("appealCreate", viewer, asdict(draft), act, options)


async def reply(
    viewer: Viewer,
    appeal_id: UUID | None,
    text: str,
    options: SubmitOptions,
    uploads: tuple[UUID | None, ...] = (),
) -> UUID:
    """Add a message to an appeal; the message's key. The answer is due anew.

    Raises `AppealNotFound`, `AppealClosed`, `TextInvalid`, `TooManyAttachments`,
    `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.count_attempt(
        MESSAGES_PER_USER, viewer.id, signer=options.links, now=options.now
    )

    async def act() -> UUID:
        appeal = await threads.own_appeal(viewer, appeal_id)
        message = await threads.add(
            appeal, Direction.SENT, threads.clean_text(text), now=options.now
        )
        await attachments.attach(viewer, message, uploads, now=options.now)
        if appeal.state is AppealState.ANSWERED:
            await _set_due_day(appeal, options.today)
        return message.id

    return await _run_once("appealReply", viewer, [appeal_id, text, uploads], act, options)


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
            _require_ratable(appeal, rating)
            appeal.rating = rating
        await threads.close(appeal, now=now)
    return appeal.id


async def reopen(
    viewer: Viewer,
    appeal_id: UUID | None,
    text: str,
    options: SubmitOptions,
    uploads: tuple[UUID | None, ...] = (),
) -> UUID:
    """Go on with a closed appeal by a message; the answer is due anew, the rating is void.

    Raises `AppealNotFound`, `AppealNotClosed`, `ReopeningTooLate`, `TextInvalid`,
    `TooManyAttachments`, `AttachmentUnusable`, `TooManyAppeals`, and what `once` raises.
    """
    await rate_limits.count_attempt(
        MESSAGES_PER_USER, viewer.id, signer=options.links, now=options.now
    )

    async def act() -> UUID:
        appeal = await threads.own_appeal(viewer, appeal_id)
        if appeal.closed_at is None:
            raise AppealNotClosed("appealId")
        if options.now - appeal.closed_at > REOPENING_PERIOD:
            raise ReopeningTooLate("appealId")
        appeal.closed_at = appeal.rating = None
        await _set_due_day(appeal, options.today)
        message = await threads.add(
            appeal, Direction.SENT, threads.clean_text(text), now=options.now
        )
        await attachments.attach(viewer, message, uploads, now=options.now)
        return appeal.id

    return await _run_once("appealReopen", viewer, [appeal_id, text, uploads], act, options)


async def rate(viewer: Viewer, appeal_id: UUID | None, rating: int) -> UUID:
    """Say how good the answer was; a later rating replaces it.

    Raises `AppealNotFound`, `AppealNotAnswered`, `RatingInvalid`.
    """
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        _require_ratable(appeal, rating)
        appeal.rating = rating
        await appeal.save(update_fields=["rating"])
    return appeal.id


async def _register(viewer: Viewer, draft: AppealDraft, options: SubmitOptions) -> UUID:
    topic, text, about = await _validate(viewer, draft, options.company)
    appeal = await Appeal.create(
        user_id=viewer.id,
        topic=topic,
        number=await next_number(options.today),
        hides_name=draft.hides_name,
        account_id=about and about.account_id,
        subject_kind=about and about.kind,
        subject_id=about and about.key,
        subject_facts=about and about.facts,
        created_at=options.now,
        due_on=await terms.due_on(topic.id, options.today),
    )
    message = await threads.add(appeal, Direction.SENT, text, now=options.now)
    await attachments.attach(viewer, message, draft.uploads, now=options.now)
    await enqueue("appeals.mail_registered", appeal_id=appeal.id)
    return appeal.id


async def _validate(
    viewer: Viewer, draft: AppealDraft, company: Company
) -> tuple[AppealTopic, str, SubjectSnapshot | None]:
    """All that is wrong with it at once. Raises `Refusals`."""
    form, text, about = FormErrors(), "", None
    topics = await AppealTopic.filter(id=draft.topic_id, is_offered=True)
    with form.field():
        if not topics:
            raise TopicNotFound("topicId")
    with form.field():
        if draft.hides_name and not all(topic.may_hide_name for topic in topics):
            raise NameNotHideable("hidesName")
    with form.field():
        text = threads.clean_text(draft.text)
    with form.field():
        about = draft.about and await snapshot(viewer, draft.about, company)
    form.check()
    return topics[0], text, about


async def _set_due_day(appeal: Appeal, today: date) -> None:
    """Back to the staff: to the clerk who has it, or into the queue."""
    appeal.state = AppealState.IN_PROGRESS if appeal.clerk_id else AppealState.NEW
    appeal.due_on = await terms.due_on(appeal.topic_id, today)
    appeal.escalated_at = None
    changed = ["state", "due_on", "escalated_at", "closed_at", "rating"]
    await appeal.save(update_fields=changed)


def _require_ratable(appeal: Appeal, rating: int) -> None:
    least, most = RATINGS
    if not least <= rating <= most:
        raise RatingInvalid("rating", least=least, most=most)
    if appeal.answered_at is None:
        raise AppealNotAnswered("appealId")


async def _run_once(
    mutation: str,
    viewer: Viewer,
    body: object,
    action: Callable[[], Awaitable[UUID]],
    options: SubmitOptions,
) -> UUID:
    async def kept() -> list[str]:
        return [(await action()).hex]

    demand = IdempotentRequest(mutation, options.key, body)
    outcome = await run_once(viewer, demand, kept, codes=AppealErrorCode, now=options.now)
    (key,) = cast("list[str]", outcome)
    return UUID(key)
