"""Supervisors add and change topics of appeals."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.appeals.errors import AppealErrorCode as Code
from lk_graphql.backoffice.service import topics
from lk_graphql.backoffice.types import topics as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.topics import StaffAppealTopic
from lk_graphql.reads.declare import extends

CODES = (Code.TEXT_INVALID, Code.TERM_INVALID, Code.TOPIC_KNOWN)


@extends(Mutation)
class StaffTopicMutation:
    """Topics of appeals."""

    @mutation(access=Access.SUPERVISOR, codes=CODES)
    async def staff_appeal_topic_add(
        self, info: Info, input: Input[types.StaffAppealTopicAddInput]
    ) -> types.StaffAppealTopicAddPayload:
        """Add a topic after all others («добавить тему»); customers can choose it at once."""
        ctx = info.context
        key = await topics.add(doing(ctx), input.unpacked(), today=ctx.today)
        return types.StaffAppealTopicAddPayload(topic=ctx.rows.by_key(StaffAppealTopic, key))

    @mutation(access=Access.SUPERVISOR, codes=(*CODES, Code.TOPIC_NOT_FOUND, Code.TOPIC_FIXED))
    async def staff_appeal_topic_change(
        self, info: Info, input: Input[types.StaffAppealTopicChangeInput]
    ) -> types.StaffAppealTopicChangePayload:
        """Rename, withdraw or offer a topic, or set its term («изменить тему»).

        The ten topics of the manual keep their names and places; their terms may change.
        """
        ctx = info.context
        key = await topics.change(doing(ctx), input.key(), input.changes(), today=ctx.today)
        return types.StaffAppealTopicChangePayload(topic=ctx.rows.by_key(StaffAppealTopic, key))
