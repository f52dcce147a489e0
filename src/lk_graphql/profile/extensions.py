"""Fields that the profile slice adds to `User` and `PublicSettings`."""

from lk_graphql.identity.types.objects import PublicSettings, User
from lk_graphql.kit.languages import Language
from lk_graphql.planner.types import column, derived, expression, extends, recent, related
from lk_graphql.ports import Ports
from lk_graphql.profile.service import phone_proofs
from lk_graphql.profile.service.phone_proofs import IS_CONFIRMED_SQL
from lk_graphql.profile.types import ErasureRequest, PersonalDataExport


@extends(User)
class UserProfile:
    """Profile fields of the customer."""

    language: Language = column(
        "The language of mails and SMS to the customer.", of="preferred_language"
    )
    is_phone_confirmed: bool = expression(
        "Whether the customer has confirmed the number by a code, which SMS require.",
        sql=IS_CONFIRMED_SQL.format(user="{id}", phone="{phone}"),
    )
    personal_data_exports: list[PersonalDataExport] = recent(
        "The requested exports of the customer's data, the newest first.",
        by="requested_at",
        first=6,
    )
    erasure_requests: list[ErasureRequest] = related(
        "The customer's requests for the destruction of personal data, the newest first.",
        order_by="-requested_at",
    )


def sends_sms(ports: Ports) -> bool:
    return ports.sms is not None


@extends(PublicSettings)
class ProfileSettings:
    """Public settings of profiles."""

    sends_sms: bool = derived("Whether the company sends SMS at all.", sends_sms)
    phone_code_seconds: int = derived(
        "The number of seconds for which the code in an SMS is valid.",
        lambda: int(phone_proofs.LIFETIME.total_seconds()),
    )
