"""Root mutations of profiles."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.planner.types import extends
from lk_graphql.profile import types
from lk_graphql.profile.errors import ProfileErrorCode as Code
from lk_graphql.profile.queries import CONTACT_CODES, preview_profile
from lk_graphql.profile.service import contacts, exports, phone_proofs
from lk_graphql.profile.service.consent_withdrawal import (
    request_erasure,
    withdraw_consent,
    withdraw_erasure,
)
from lk_graphql.profile.service.password_confirmation import PasswordConfirmation


@extends(Mutation)
class ProfileMutation:
    """Mutations of the signed-in customer's profile."""

    @mutation(
        access=Access.CUSTOMER,
        codes=CONTACT_CODES,
        deprecated="Use `Query.profileUpdatePreview`. Deprecated 2026-11-30, removed after "
        "2027-05-31.",
    )
    async def profile_update_preview(
        self, info: Info, input: Input[types.ProfileUpdatePreviewInput]
    ) -> types.ProfileUpdatePreviewPayload:
        """Preview a change of the profile («Убедитесь в правильности»); nothing is saved.

        Spaces and the telephone number are normalized, as they would be saved.
        """
        return await preview_profile(info, input)

    @mutation(access=Access.CUSTOMER, codes=CONTACT_CODES)
    async def profile_update(
        self, info: Info, input: Input[types.ProfileUpdateInput]
    ) -> types.ProfileUpdatePayload:
        """Change telephone, name or language («Мой профиль», «Сохранить»).

        After a change of the number no SMS are sent until `phoneConfirm`. The e-mail address is the
        login, which `emailChangeRequest` changes.
        """
        ctx = info.context
        await contacts.update(ctx.viewer, input.to_command())
        return types.ProfileUpdatePayload()

    @mutation(
        access=Access.CUSTOMER,
        codes=(
            Code.SMS_UNAVAILABLE,
            Code.PHONE_MALFORMED,
            Code.PHONE_NOT_MOBILE,
            Code.PHONE_CONFIRMED,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def phone_code_send(
        self, info: Info, input: Input[types.PhoneCodeSendInput]
    ) -> types.PhoneCodeSendPayload:
        """Send a code by SMS to confirm a telephone number; at most one a minute."""
        ctx = info.context
        expires_at = await phone_proofs.send_code(
            ctx.viewer,
            input.phone,
            client=ctx.client,
            now=ctx.now,
            signer=ctx.ports.signer,
            has_sms=ctx.ports.sms is not None,
        )
        return types.PhoneCodeSendPayload(expires_at=expires_at)

    @mutation(
        access=Access.CUSTOMER,
        codes=(
            Code.PHONE_MALFORMED,
            Code.CODE_WRONG,
            Code.CODE_EXPIRED,
            Code.PHONE_CONFIRMED,
            Code.TOO_MANY_TRIES,
        ),
    )
    async def phone_confirm(
        self, info: Info, input: Input[types.PhoneConfirmInput]
    ) -> types.PhoneConfirmPayload:
        """Confirm a number by the code sent to it; five attempts in 15 minutes at most."""
        ctx = info.context
        await phone_proofs.confirm(
            ctx.viewer, input.phone, input.code, now=ctx.now, signer=ctx.ports.signer
        )
        return types.PhoneConfirmPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.PASSWORD_WRONG, Code.TOO_MANY_TRIES))
    async def personal_data_export(
        self, info: Info, input: Input[types.PersonalDataExportInput]
    ) -> types.PersonalDataExportPayload:
        """Export all stored data of the customer («выгрузить мои данные»).

        A mail is sent when the archive is ready; `viewer.personalDataExports` has its address.
        """
        ctx = info.context
        confirmation = PasswordConfirmation(ctx.viewer, input.password, ctx.client, ctx.now)
        await exports.request(confirmation, passwords=ctx.ports.passwords, signer=ctx.ports.signer)
        return types.PersonalDataExportPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.CONSENT_REQUIRED, Code.CONSENT_NOT_GIVEN))
    async def consent_withdraw(
        self, info: Info, input: Input[types.ConsentWithdrawInput]
    ) -> types.ConsentWithdrawPayload:
        """Withdraw a consent that the cabinet doesn't require («отозвать согласие»).

        Services that depend on it end at once: the withdrawal of the consent to SMS switches SMS
        off. A consent that the cabinet requires is withdrawn by `erasureRequest`.
        """
        ctx = info.context
        await withdraw_consent(ctx.viewer, input.kind, client=ctx.client, now=ctx.now)
        return types.ConsentWithdrawPayload()

    @mutation(
        access=Access.CUSTOMER,
        codes=(Code.PASSWORD_WRONG, Code.TOO_MANY_TRIES, Code.ERASURE_REQUESTED),
    )
    async def erasure_request(
        self, info: Info, input: Input[types.ErasureRequestInput]
    ) -> types.ErasureRequestPayload:
        """Withdraw the consent to data processing («отозвать согласие») and close the cabinet.

        In two weeks the cabinet is closed, and the customer's personal data in it are destroyed;
        until then `erasureWithdraw` cancels the request. The contract for energy continues without
        a cabinet.
        """
        ctx = info.context
        confirmation = PasswordConfirmation(ctx.viewer, input.password, ctx.client, ctx.now)
        await request_erasure(
            confirmation,
            company=ctx.company,
            passwords=ctx.ports.passwords,
            signer=ctx.ports.signer,
        )
        return types.ErasureRequestPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.CONSENT_OUTDATED, Code.ERASURE_NOT_FOUND))
    async def erasure_withdraw(
        self, info: Info, input: Input[types.ErasureWithdrawInput]
    ) -> types.ErasureWithdrawPayload:
        """Cancel `erasureRequest` and give the consent again («дать согласие снова»)."""
        ctx = info.context
        await withdraw_erasure(
            ctx.viewer, input.personal_data_version, client=ctx.client, now=ctx.now
        )
        return types.ErasureWithdrawPayload()
