"""Fields that rules add to `PublicSettings`."""

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.identity.types.objects import PublicSettings
from lk_graphql.planner.types import extends
from lk_graphql.rules.service.abilities import Ability, Installation, open_abilities
from lk_graphql.rules.types import Abilities


@extends(PublicSettings)
class AbilitySettings:
    """Abilities of the cabinet."""

    @strawberry.field(
        description="Abilities of the cabinet today («доступные возможности»); hide closed ones."
    )
    async def abilities(self, info: Info) -> Abilities:
        ctx = info.context
        open_ones = await open_abilities(Installation.of(ctx.ports), today=ctx.today, now=ctx.now)
        return Abilities(**{ability.lower(): ability in open_ones for ability in Ability})
