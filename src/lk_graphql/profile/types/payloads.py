"""Payloads and errors of the profile mutations."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.kit.languages import Language
from lk_graphql.profile.errors import ProfileErrorCode


@object_type
class ProfileError(UserError):
    """A refusal of an operation on a profile."""

    code: ProfileErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class ProfilePreview:
    """A profile as it would be saved."""

    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic; null if there is none.")
    phone: str = strawberry.field(description="The telephone number, `+79131234567`.")
    language: Language = strawberry.field(description="The language of mails and SMS.")
    is_phone_confirmed: bool = strawberry.field(
        description=(
            "Whether SMS can be sent to the number at once; otherwise `phoneCodeSend` is "
            "required first."
        )
    )


@object_type
class ProfileUpdatePreviewPayload:
    """The result of `profileUpdatePreview`."""

    preview: ProfilePreview | None = outcome("The preview to show for confirmation.")
    errors: list[ProfileError] = errors()


@object_type
class ProfileUpdatePayload(ViewerPayload):
    """The result of `profileUpdate`."""

    errors: list[ProfileError] = errors()


@object_type
class PhoneCodeSendPayload(ViewerPayload):
    """The result of `phoneCodeSend`."""

    expires_at: datetime | None = outcome("The date and time until which the code is valid.")
    errors: list[ProfileError] = errors()


@object_type
class PhoneConfirmPayload(ViewerPayload):
    """The result of `phoneConfirm`."""

    errors: list[ProfileError] = errors()


@object_type
class ConsentWithdrawPayload(ViewerPayload):
    """The result of `consentWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureRequestPayload(ViewerPayload):
    """The result of `erasureRequest`."""

    errors: list[ProfileError] = errors()


@object_type
class ErasureWithdrawPayload(ViewerPayload):
    """The result of `erasureWithdraw`."""

    errors: list[ProfileError] = errors()


@object_type
class PersonalDataExportPayload(ViewerPayload):
    """The result of `personalDataExport`."""

    errors: list[ProfileError] = errors()
