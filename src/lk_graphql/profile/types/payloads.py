"""Payloads and errors of the profile mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit.languages import Language
from lk_graphql.profile.errors import ProfileErrorCode


@object_type
class ProfileError(UserError):
    """Why something about a profile was refused."""

    code: ProfileErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="With `TOO_MANY_TRIES`: when the next try may pass."
    )


@object_type
class ProfilePreview:
    """A profile as it would be saved."""

    last_name: str = strawberry.field(description="The surname («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic; null: there is none.")
    phone: str = strawberry.field(description="The telephone number, `+79131234567`.")
    language: Language = strawberry.field(description="The language of mails and SMS.")
    is_phone_confirmed: bool = strawberry.field(
        description="Whether SMS could go there at once; else `phoneCodeSend` comes first."
    )


@object_type
class ProfileUpdatePreviewPayload:
    """The outcome of `profileUpdatePreview`."""

    preview: ProfilePreview | None = outcome("What to show for confirmation.")
    errors: list[ProfileError] = errors()


@object_type
class ProfileUpdatePayload(ViewerPayload):
    """The outcome of `profileUpdate`."""

    errors: list[ProfileError] = errors()


@object_type
class PhoneCodeSendPayload(ViewerPayload):
    """The outcome of `phoneCodeSend`."""

    expires_at: datetime | None = outcome("Until when the code is good.")
    errors: list[ProfileError] = errors()


@object_type
class PhoneConfirmPayload(ViewerPayload):
    """The outcome of `phoneConfirm`."""

    errors: list[ProfileError] = errors()


@object_type
class ConsentWithdrawPayload(ViewerPayload):
    """The outcome of `consentWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureRequestPayload(ViewerPayload):
    """The outcome of `erasureRequest`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureWithdrawPayload(ViewerPayload):
    """The outcome of `erasureWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class PersonalDataExportPayload(ViewerPayload):
    """The outcome of `personalDataExport`."""

    errors: list[ProfileError] = errors()
