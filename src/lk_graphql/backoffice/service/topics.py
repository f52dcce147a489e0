"""Topics of appeals, which supervisors add and change, with the act in the log."""

from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import TopicNotFound
from lk_graphql.appeals.service import topics
from lk_graphql.appeals.service.topics import Changes, NewTopic
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import acts, audit
from lk_graphql.backoffice.service.acts import Doing
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.kit.viewer import Client, Staff


async def add(staff: Staff, new: NewTopic, *, client: Client, now: datetime, today: date) -> UUID:
    """Raises as `topics.add`."""
    async with in_transaction():
        key = await topics.add(new, today=today)
        subject = Subject("appeal_topic", key)
        await audit.record(Act.TOPIC_ADDED, subject, by=staff.id, client=client, now=now)
    return key


async def change(doing: Doing, changes: Changes, *, today: date) -> UUID:
    """Raises as `topics.change`."""
    return await acts.noted(
        Act.TOPIC_CHANGED,
        "appeal_topic",
        doing,
        lambda key: topics.change(key, changes, today=today),
        missing=TopicNotFound("topicId"),
    )
