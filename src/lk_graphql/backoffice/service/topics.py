"""Topics of appeals, which supervisors add and change, with the act in the log."""

from datetime import date
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import TopicNotFound
from lk_graphql.appeals.service import topics
from lk_graphql.appeals.service.topics import Changes, NewTopic
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service.acts import Doing, Row, note, noted
from lk_graphql.backoffice.service.audit import Subject

_KIND = "appeal_topic"


async def add(doing: Doing, new: NewTopic, *, today: date) -> UUID:
    """Raises as `topics.add`."""
    async with in_transaction():
        key = await topics.add(new, today=today)
        await note(Act.TOPIC_ADDED, Subject(_KIND, key), doing)
    return key


async def change(doing: Doing, topic_id: UUID | None, changes: Changes, *, today: date) -> UUID:
    """Raises as `topics.change`."""
    row = Row(_KIND, topic_id, TopicNotFound("topicId"))
    return await noted(
        Act.TOPIC_CHANGED, row, doing, lambda key: topics.change(key, changes, today=today)
    )
