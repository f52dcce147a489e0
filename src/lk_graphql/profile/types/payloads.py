"""What mutations about a profile answer."""

from datetime import datetime
from typing import Any

import strawberry

from lk_graphql.identity.types.objects import User
from lk_graphql.kit.languages import Language
from lk_graphql.profile.types.errors import ProfileError


def outcome(description: str) -> Any:
    return strawberry.field(default=None, description=f"{description} Null when it was refused.")


def errors() -> Any:
    return strawberry.field(
        default_factory=list[ProfileError], description="Why not; empty when it was done."
    )


@strawberry.type(description="A profile as it would be saved.")
class ProfilePreview:
    last_name: str = strawberry.field(description="The surname («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic; null: there is none.")
    phone: str = strawberry.field(description="The telephone number, `+79131234567`.")
    language: Language = strawberry.field(description="The language of mails and SMS.")
    phone_is_confirmed: bool = strawberry.field(
        description="Whether SMS could go there at once; else `phoneCodeSend` comes first."
    )


@strawberry.type(description="The outcome of `profileUpdatePreview`.")
class ProfileUpdatePreviewPayload:
    preview: ProfilePreview | None = outcome("What to show for confirmation.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `profileUpdate`.")
class ProfileUpdatePayload:
    viewer: User | None = outcome("The person, as saved.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `phoneCodeSend`.")
class PhoneCodeSendPayload:
    expires_at: datetime | None = outcome("Until when the code is good.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `phoneConfirm`.")
class PhoneConfirmPayload:
    viewer: User | None = outcome("The person, with `isPhoneConfirmed`.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `consentWithdraw`.")
class ConsentWithdrawPayload:
    viewer: User | None = outcome("The person, with `consents`.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `erasureRequest`.")
class ErasureRequestPayload:
    viewer: User | None = outcome("The person, with `erasureRequests`.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `erasureWithdraw`.")
class ErasureWithdrawPayload:
    viewer: User | None = outcome("The person, with `erasureRequests` and `consents`.")
    errors: list[ProfileError] = errors()


@strawberry.type(description="The outcome of `personalDataExport`.")
class PersonalDataExportPayload:
    viewer: User | None = outcome("The person, with `personalDataExports`.")
    errors: list[ProfileError] = errors()
