"""Fields that contracts add to `User`, `PublicSettings` and `Notice`."""

from typing import Annotated

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.context import Info
from lk_graphql.appeals.types.objects import Appeal
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.contracts.service.requirements import rule_on
from lk_graphql.contracts.types.objects import (
    Contract,
    ContractApplication,
    ContractRules,
    contract_rules,
)
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.metering.types.objects import Meter, Reading
from lk_graphql.notifications.service.notices import ABOUT
from lk_graphql.notifications.types.objects import Notice
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages, reference, related


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


NoticeSubject = Annotated[
    Account | Meter | Reading | Invoice | Payment | Appeal | ContractApplication,
    strawberry.union("NoticeSubject", description="What a notice can be about."),
]


@extends(Notice)
class NoticeSubjects:
    """The objects of notices; here, because no later slice sends any to customers."""

    about: NoticeSubject | None = reference(
        "What it is about, as it is now: a bill, a reading, a payment, …; null where that isn't"
        " yours any more, or the notice is about nothing that has an id.",
        of="subject_id",
        by="kind",
        prefixes=ABOUT,
    )
