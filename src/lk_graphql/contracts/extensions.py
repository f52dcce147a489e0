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
from lk_graphql.notifications.service.notices import SUBJECT_PREFIXES
from lk_graphql.notifications.types.objects import Notice
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.types import extends, pages, reference, related


@extends(User)
class UserContracts:
    """Contracts and applications (menu «Договоры»)."""

    contracts: list[Contract] = related(
        "The contracts of the customer's linked accounts («договоры»).",
        of="account_links__account",
        order_by="contract_number",
    )
    contract_applications: Connection[ContractApplication] = pages(
        "The customer's applications for contracts, the newest first («заявки»).", by="-created_at"
    )


@extends(PublicSettings)
class ContractSettings:
    """Limits and requirements of the application form."""

    @strawberry.field(
        name="contractRules",
        description="The current limits and requirements of applications («состав заявки»).",
    )
    async def contract_rules(self, info: Info) -> ContractRules:
        return contract_rules(await rule_on(info.context.today))


NoticeSubject = Annotated[
    Account | Meter | Reading | Invoice | Payment | Appeal | ContractApplication,
    strawberry.union("NoticeSubject", description="The object of a notice."),
]


@extends(Notice)
class NoticeSubjects:
    """The objects of notices; declared here, because no later slice sends notices to customers."""

    about: NoticeSubject | None = reference(
        "The current object of the notice: a bill, a reading, a payment, …; null if the "
        "customer no longer owns it, or if the notice is about nothing with an id.",
        of="subject_id",
        by="kind",
        prefixes=SUBJECT_PREFIXES,
    )
