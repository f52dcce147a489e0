"""Use cases of customers: create, reply, close, reopen and rate appeals."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import (
    AppealNotAnswered,
    AppealNotClosed,
    NameNotHideable,
    RatingInvalid,
    ReopeningTooLate,
    TopicNotFound,
)
from lk_graphql.appeals.models import Appeal, AppealState, AppealTopic, Direction
from lk_graphql.appeals.service import attachments, threads, topics
from lk_graphql.appeals.service.subjects import SubjectRef, SubjectSnapshot, snapshot
from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.guards.idempotency import IdempotentRequest, run_once
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import enqueue

REOPENING_PERIOD = timedelta(days=30)
RATINGS = (1, 5)
# Each appeal costs a mail and a clerk's time, each message a clerk's time.
APPEALS_PER_USER = rate_limits.AttemptLimit(
    "appeal/user",
    (
        rate_limits.AttemptWindow(10, rate_limits.HOUR),
        rate_limits.AttemptWindow(20, rate_limits.DAY),
    ),
)
MESSAGES_PER_USER = rate_limits.AttemptLimit(
    "appeal-message/user",
    (
        rate_limits.AttemptWindow(30, rate_limits.HOUR),
        rate_limits.AttemptWindow(100, rate_limits.DAY),
    ),
)


@dataclass(frozen=True)
class AppealDraft:
    """An appeal as sent by a customer."""

    topic_id: UUID | None
    text: str
    about: SubjectRef | None = None
    uploads: tuple[UUID | None, ...] = ()
    hides_name: bool = False


@dataclass(frozen=True)
class SubmitOptions:
    """Idempotency key, time, company (for its calendar day) and signer of a submission."""

    key: str
    now: datetime
    company: Company
    signer: Signer

    @property
    def today(self) -> date:
        return self.company.today(self.now)


async def create(viewer: Viewer, draft: AppealDraft, options: SubmitOptions) -> UUID:
    """Register an appeal, enqueue the confirmation mail and return the appeal's key.

    Raises `TopicNotFound`, `TextInvalid`, `SubjectNotFound`, `NameNotHideable`,
    `TooManyAttachments`, `AttachmentUnusable`, `RateLimitExceeded`, the refusals of `run_once`, and
    `NotSignedIn`.
    """

    async def register() -> UUID:
        return await _register(viewer, draft, options)

    request = IdempotentRequest("appealCreate", options.key, asdict(draft))
    return await _run_once(viewer, request, register, options, limit=APPEALS_PER_USER)


async def reply(
    viewer: Viewer,
    appeal_id: UUID | None,
    text: str,
    options: SubmitOptions,
    uploads: tuple[UUID | None, ...] = (),
) -> UUID:
    """Add a message to an appeal, restart its answer term and return the message's key.

    Raises `AppealNotFound`, `AppealClosed`, `TextInvalid`, `TooManyAttachments`,
    `AttachmentUnusable`, `RateLimitExceeded`, and the refusals of `run_once`.
    """

    async def add_reply() -> UUID:
        appeal = await threads.own_appeal(viewer, appeal_id)
        message = await threads.add(
            appeal, Direction.SENT, threads.clean_text(text), now=options.now
        )
        await attachments.attach(viewer, message, uploads, now=options.now)
        if appeal.state is AppealState.ANSWERED:
            await _set_due_day(appeal, options.today)
        return message.id

    request = IdempotentRequest("appealReply", options.key, [appeal_id, text, uploads])
    return await _run_once(viewer, request, add_reply, options, limit=MESSAGES_PER_USER)


async def mark_read(viewer: Viewer, appeal_id: UUID | None, *, until: int, now: datetime) -> UUID:
    """Mark received messages as read up to the number `until`. Raises `AppealNotFound`."""
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        await threads.mark_read(appeal, Direction.RECEIVED, until, now=now)
    return appeal.id


async def close(
    viewer: Viewer, appeal_id: UUID | None, *, rating: int | None, now: datetime
) -> UUID:
    """Close an appeal, with a rating if it was answered.

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
    """Reopen a closed appeal with a message, restart its answer term and clear its rating.

    Raises `AppealNotFound`, `AppealNotClosed`, `ReopeningTooLate`, `TextInvalid`,
    `TooManyAttachments`, `AttachmentUnusable`, `RateLimitExceeded`, and the refusals of `run_once`.
    """

    async def reopen_appeal() -> UUID:
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

    request = IdempotentRequest("appealReopen", options.key, [appeal_id, text, uploads])
    return await _run_once(viewer, request, reopen_appeal, options, limit=MESSAGES_PER_USER)


async def rate(viewer: Viewer, appeal_id: UUID | None, rating: int) -> UUID:
    """Rate the answer; a later rating replaces an earlier one.

    Raises `AppealNotFound`, `AppealNotAnswered`, `RatingInvalid`.
    """
    async with in_transaction():
        appeal = await threads.own_appeal(viewer, appeal_id)
        _require_ratable(appeal, rating)
        appeal.rating = rating
        await appeal.save(update_fields=["rating"])
    return appeal.id


async def _register(viewer: Viewer, draft: AppealDraft, options: SubmitOptions) -> UUID:
    await lock_own(viewer)
    topic, text, subject = await _validate(viewer, draft, options.company)
    appeal = await Appeal.create(
        user_id=viewer.id,
        topic=topic,
        number=await _next_number(options.today),
        hides_name=draft.hides_name,
        account_id=subject and subject.account_id,
        subject_kind=subject and subject.kind,
        subject_id=subject and subject.key,
        subject_facts=subject and subject.facts,
        created_at=options.now,
        due_on=await topics.due_on(topic.id, options.today),
    )
    message = await threads.add(appeal, Direction.SENT, text, now=options.now)
    await attachments.attach(viewer, message, draft.uploads, now=options.now)
    await enqueue("appeals.mail_registered", appeal_id=appeal.id)
    return appeal.id


async def _next_number(today: date) -> str:
    """Next number, such as «О-2026-000123»; a refused appeal may leave a gap."""
    (row,) = await raw_sql.fetch("SELECT nextval('appeal_number') AS number")
    return f"О-{today.year}-{row['number']:06}"


async def _validate(
    viewer: Viewer, draft: AppealDraft, company: Company
) -> tuple[AppealTopic, str, SubjectSnapshot | None]:
    """Check all fields of a draft and raise `Refusals` with every fault."""
    form, text, subject = FormErrors(), "", None
    offered_topics = await AppealTopic.filter(id=draft.topic_id, is_offered=True)
    with form.field():
        if not offered_topics:
            raise TopicNotFound("topicId")
    with form.field():
        if draft.hides_name and not all(topic.may_hide_name for topic in offered_topics):
            raise NameNotHideable("hidesName")
    with form.field():
        text = threads.clean_text(draft.text)
    with form.field():
        subject = draft.about and await snapshot(viewer, draft.about, company)
    form.check()
    return offered_topics[0], text, subject


async def _set_due_day(appeal: Appeal, today: date) -> None:
    """Return the appeal to its clerk, or to the queue, with a new answer term."""
    appeal.state = AppealState.IN_PROGRESS if appeal.clerk_id else AppealState.NEW
    appeal.due_on = await topics.due_on(appeal.topic_id, today)
    appeal.escalated_at = None
    columns = ["state", "due_on", "escalated_at", "closed_at", "rating"]
    await appeal.save(update_fields=columns)


def _require_ratable(appeal: Appeal, rating: int) -> None:
    minimum, maximum = RATINGS
    if not minimum <= rating <= maximum:
        raise RatingInvalid("rating", least=minimum, most=maximum)
    if appeal.answered_at is None:
        raise AppealNotAnswered("appealId")


async def _run_once(
    viewer: Viewer,
    request: IdempotentRequest,
    action: Callable[[], Awaitable[UUID]],
    options: SubmitOptions,
    *,
    limit: rate_limits.AttemptLimit,
) -> UUID:
    async def run() -> list[str]:
        return [(await action()).hex]

    attempt = rate_limits.Attempt(limit, viewer.id, options.signer, options.now)
    outcome = await run_once(viewer, request, run, now=options.now, attempt=attempt)
    (key,) = cast("list[str]", outcome)
    return UUID(key)
