"""Fields that contracts add to `User` and `PublicSettings`."""

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.contracts.service.requirements import rule_on
from lk_graphql.contracts.types.objects import (
    Contract,
    ContractApplication,
    ContractRules,
    contract_rules,
)
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages, related


@extends(User)
class UserContracts:
    """Contracts and applications (menu «Договоры»)."""

    contracts: list[Contract] = related(
        "The contracts of the accounts that you have linked («договоры»).",
        of="account_links__account",
        order_by="contract_number",
    )
    contract_applications: Connection[ContractApplication] = pages(
        "Your applications for contracts, newest first («заявки»).", by="-created_at"
    )


@extends(PublicSettings)
class ContractSettings:
    """Limits and requirements of the application form."""

    @strawberry.field(
        name="contractRules",
        description="What applications may hold and must show today («состав заявки»).",
    )
    async def contract_rules(self, info: Info) -> ContractRules:
        return contract_rules(await rule_on(info.context.today))
