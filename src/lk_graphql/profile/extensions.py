"""Fields that the profile slice adds to `User` and `PublicSettings`."""

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.kit.languages import Language
from lk_graphql.planner.types import column, expression, extends, recent, related
from lk_graphql.profile.service import phone_proofs
from lk_graphql.profile.service.phone_proofs import IS_CONFIRMED_SQL
from lk_graphql.profile.types.objects import ErasureRequest, PersonalDataExport


@extends(User)
class UserProfile:
    """Profile fields of the customer."""

    language: Language = column("The language of mails and SMS to them.", of="preferred_language")
    is_phone_confirmed: bool = expression(
        "Whether the number has been shown to be theirs by a code: only then SMS go there.",
        sql=IS_CONFIRMED_SQL.format(user="{id}", phone="{phone}"),
    )
    personal_data_exports: list[PersonalDataExport] = recent(
        "The exports of your data that you asked for, the newest first.", by="requested_at", first=6
    )
    erasure_requests: list[ErasureRequest] = related(
        "What you asked to have destroyed, the newest first.", order_by="-requested_at"
    )


@extends(PublicSettings)
class ProfileSettings:
    """Public settings of profiles."""

    @strawberry.field(name="sendsSms", description="Whether the company sends SMS at all.")
    def sends_sms(self, info: Info) -> bool:
        return info.context.ports.sms is not None

    @strawberry.field(
        name="phoneCodeSeconds", description="How many seconds the code in an SMS is good for."
    )
    def phone_code_seconds(self) -> int:
        return int(phone_proofs.LIFETIME.total_seconds())
