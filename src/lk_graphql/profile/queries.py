"""Root fields about profiles."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, preview
from lk_graphql.planner.types import Query, extends
from lk_graphql.profile import types
from lk_graphql.profile.errors import ProfileErrorCode as Code
from lk_graphql.profile.service import contacts

CONTACT_CODES = (Code.NAME_MALFORMED, Code.PATRONYMIC_UNCLEAR, Code.PHONE_MALFORMED)


async def preview_profile(
    info: Info, input: types.ProfileUpdatePreviewInput
) -> types.ProfileUpdatePreviewPayload:
    """Normalize a changed profile. Raises `Refusals` of its fields."""
    contacts_preview = await contacts.preview(info.context.viewer, input.to_command())
    profile = types.ProfilePreview(**vars(contacts_preview))
    return types.ProfileUpdatePreviewPayload(preview=profile)


@extends(Query)
class ProfileQuery:
    """The review of a changed profile."""

    @preview(access=Access.CUSTOMER, codes=CONTACT_CODES)
    async def profile_update_preview(
        self, info: Info, input: Input[types.ProfileUpdatePreviewInput]
    ) -> types.ProfileUpdatePreviewPayload | None:
        """Preview a change of the profile («Убедитесь в правильности»); nothing is saved.

        Spaces and the telephone number are normalized, as they would be saved.
        """
        return await preview_profile(info, input)
