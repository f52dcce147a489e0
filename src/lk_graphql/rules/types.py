"""Abilities of the cabinet as GraphQL types."""

import strawberry

from lk_graphql.api.graphql_types import object_type


@object_type
class Abilities:
    """The abilities of the cabinet today («доступные возможности»).

    A frontend hides those that are closed («скрыть недоступное»). For these the operator lacks
    data or settings, which `lk check` lists.
    """

    link: bool = strawberry.field(
        description="Accounts can be linked («подключение лицевого счёта»)."
    )
    readings: bool = strawberry.field(
        description="Readings can be submitted («передача показаний»)."
    )
    bills: bool = strawberry.field(description="Bills are shown («счета»).")
    receipts: bool = strawberry.field(description="Receipts can be printed («квитанции»).")
    payments: bool = strawberry.field(description="Bills can be paid by card («оплата картой»).")
    sms: bool = strawberry.field(description="SMS are sent («SMS-уведомления»).")
    appeals: bool = strawberry.field(description="Appeals are accepted («обращения»).")
