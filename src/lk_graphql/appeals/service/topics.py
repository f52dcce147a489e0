"""Topics of appeals and their answer terms."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import (
    TermInvalid,
    TitleInvalid,
    TopicFixed,
    TopicNotFound,
    TopicTitleTaken,
)
from lk_graphql.appeals.models import LAST_MANUAL_POSITION, AnswerTerm, AppealTopic
from lk_graphql.billing.models import CalendarDay
from lk_graphql.database import raw_sql
from lk_graphql.kit.dated_rows import newest
from lk_graphql.kit.pasted_text import strip_invisible
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.kit.working_days import (
    NO_TRANSFERS,
    Transfers,
    is_working_day,
    next_working_day,
)

MAX_TITLE_LENGTH = 100
MAX_REFERENCE_LENGTH = 200
MAX_DAYS = 365


@dataclass(frozen=True)
class AnswerTermChange:
    """New answer term of a topic, with the rule that sets it."""

    days: int
    are_working_days: bool
    reference: str


@dataclass(frozen=True)
class NewTopic:
    """A topic as entered by staff."""

    title: str
    term: AnswerTermChange
    may_hide_name: bool = False


@dataclass(frozen=True)
class TopicChange:
    """Changes of a topic; None leaves a field unchanged."""

    title: str | None = None
    is_offered: bool | None = None
    may_hide_name: bool | None = None
    term: AnswerTermChange | None = None


async def add(new_topic: NewTopic, *, today: date) -> UUID:
    """Add a topic after all others, with its term from today on; return its key.

    Raises `TitleInvalid`, `TermInvalid`, `TopicTitleTaken`.
    """
    title, term = _title(new_topic.title), _valid_term(new_topic.term)
    async with in_transaction():
        await _require_new_title(title)  # its lock serializes the positions, too
        last_topic = await AppealTopic.all().order_by("-position").first()
        topic = await AppealTopic.create(
            title=title,
            position=(last_topic.position if last_topic else LAST_MANUAL_POSITION) + 1,
            may_hide_name=new_topic.may_hide_name,
        )
        await _set_term(topic, term, today)
    return topic.id


async def change(topic_id: UUID | None, changes: TopicChange, *, today: date) -> UUID:
    """Rename, withdraw or offer a topic; a new term applies to appeals from today on.

    Raises as `add`, `TopicNotFound`, and `TopicFixed` for an original topic's title or
    position.
    """
    title = None if changes.title is None else _title(changes.title)
    term = changes.term and _valid_term(changes.term)
    async with in_transaction():
        topic = await AppealTopic.filter(id=topic_id).select_for_update().first()
        if topic is None:
            raise TopicNotFound("topicId")
        _require_changeable(topic, title, changes)
        if title is not None and title != topic.title:
            await _require_new_title(title)
            topic.title = title
        if changes.is_offered is not None:
            topic.is_offered = changes.is_offered
        if changes.may_hide_name is not None:
            topic.may_hide_name = changes.may_hide_name
        await topic.save()
        if term is not None:
            await _set_term(topic, term, today)
    return topic.id


async def due_on(topic_id: UUID, received_on: date) -> date:
    """Last day for an answer to an appeal received on a day (in the company's time zone).

    Raises LookupError if the topic has no term for the day: its seed data are incomplete.
    """
    term = newest(await AnswerTerm.filter(topic_id=topic_id), received_on)
    if term is None:
        raise LookupError(f"The topic {topic_id} has no term for {received_on}")
    transfers = {row.day: row.is_working for row in await CalendarDay.filter(day__gte=received_on)}
    return last_day(
        received_on, term.days, are_working_days=term.are_working_days, transfers=transfers
    )


def last_day(
    received_on: date,
    days: int,
    *,
    are_working_days: bool,
    transfers: Transfers = NO_TRANSFERS,
) -> date:
    """Last day of a term; the day of arrival isn't counted (ГК РФ, ст. 191)."""
    if not are_working_days:
        return next_working_day(received_on + timedelta(days=days), transfers)
    day = received_on
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, transfers)
    return day


def _require_changeable(topic: AppealTopic, title: str | None, change: TopicChange) -> None:
    if topic.position > LAST_MANUAL_POSITION:
        return
    if title not in (None, topic.title):
        raise TopicFixed("title")
    if change.is_offered is False:
        raise TopicFixed("isOffered")


async def _require_new_title(title: str) -> None:
    """Raises `TopicTitleTaken`. An advisory lock serializes the changes of topics from here on."""
    await raw_sql.fetch("SELECT pg_advisory_xact_lock(hashtext('appeal topics'))")
    if await AppealTopic.exists(title__iexact=title):
        raise TopicTitleTaken("title")


async def _set_term(topic: AppealTopic, term: AnswerTermChange, today: date) -> None:
    """Replace today's term of a topic; terms of earlier days stay."""
    await AnswerTerm.filter(topic=topic, from_day=today).delete()
    await AnswerTerm.create(
        topic=topic,
        from_day=today,
        days=term.days,
        are_working_days=term.are_working_days,
        reference=term.reference,
    )


def _title(text: str) -> str:
    refusal = TitleInvalid("title", longest=MAX_TITLE_LENGTH)
    return read_line(strip_invisible(text), refusal, longest=MAX_TITLE_LENGTH)


def _valid_term(term: AnswerTermChange) -> AnswerTermChange:
    refusal = TermInvalid("term", most=MAX_DAYS)
    reference = read_line(term.reference, refusal, longest=MAX_REFERENCE_LENGTH)
    if not 1 <= term.days <= MAX_DAYS:
        raise refusal
    return AnswerTermChange(term.days, term.are_working_days, reference)
