"""Root mutations of profiles."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.planner.types import extends
from lk_graphql.profile.errors import ProfileErrorCode as Code
from lk_graphql.profile.queries import CONTACT_CODES, preview_profile
from lk_graphql.profile.service import consents, contacts, erasure, exports, phone_proofs
from lk_graphql.profile.service.password_confirmation import PasswordConfirmation
from lk_graphql.profile.types import inputs, payloads


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
        self, info: Info, input: Input[inputs.ProfileUpdatePreviewInput]
    ) -> payloads.ProfileUpdatePreviewPayload:
        """Look over a change of the profile («Убедитесь в правильности»); nothing is saved.

        Spaces are tidied and the number is read, so that one sees what would be kept.
        """
        return await preview_profile(info, input)

    @mutation(access=Access.CUSTOMER, codes=CONTACT_CODES)
    async def profile_update(
        self, info: Info, input: Input[inputs.ProfileUpdateInput]
    ) -> payloads.ProfileUpdatePayload:
        """Change telephone, name or language («Мой профиль», «Сохранить»).

        SMS stop when the number changes, until `phoneConfirm`. The e-mail is the login:
        `emailChangeRequest`.
        """
        ctx = info.context
        await contacts.update(ctx.viewer, input.to_command())
        return payloads.ProfileUpdatePayload()

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
        self, info: Info, input: Input[inputs.PhoneCodeSendInput]
    ) -> payloads.PhoneCodeSendPayload:
        """Ask for a code by SMS, to show that a number is yours; at most one a minute."""
        ctx = info.context
        expires_at = await phone_proofs.send_code(
            ctx.viewer,
            input.phone,
            client=ctx.client,
            now=ctx.now,
            links=ctx.ports.signer,
            has_sms=ctx.ports.sms is not None,
        )
        return payloads.PhoneCodeSendPayload(expires_at=expires_at)

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
        self, info: Info, input: Input[inputs.PhoneConfirmInput]
    ) -> payloads.PhoneConfirmPayload:
        """Confirm a number by the code that came to it; five tries a quarter of an hour."""
        ctx = info.context
        await phone_proofs.confirm(
            ctx.viewer, input.phone, input.code, now=ctx.now, links=ctx.ports.signer
        )
        return payloads.PhoneConfirmPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.PASSWORD_WRONG, Code.TOO_MANY_TRIES))
    async def personal_data_export(
        self, info: Info, input: Input[inputs.PersonalDataExportInput]
    ) -> payloads.PersonalDataExportPayload:
        """Have everything that is kept of you collected («выгрузить мои данные»).

        A mail says when the archive is there; `viewer.personalDataExports` has its address.
        """
        ctx = info.context
        confirmation = PasswordConfirmation(ctx.viewer, input.password, ctx.client, ctx.now)
        await exports.request(confirmation, passwords=ctx.ports.passwords, links=ctx.ports.signer)
        return payloads.PersonalDataExportPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.CONSENT_REQUIRED, Code.CONSENT_NOT_GIVEN))
    async def consent_withdraw(
        self, info: Info, input: Input[inputs.ConsentWithdrawInput]
    ) -> payloads.ConsentWithdrawPayload:
        """Withdraw a consent that the cabinet can do without («отозвать согласие»).

        What rests on it ends at once: without the one to SMS, SMS are switched off. What the
        cabinet stands on is withdrawn by `erasureRequest`.
        """
        ctx = info.context
        await consents.withdraw(ctx.viewer, input.kind, client=ctx.client, now=ctx.now)
        return payloads.ConsentWithdrawPayload()

    @mutation(
        access=Access.CUSTOMER,
        codes=(Code.PASSWORD_WRONG, Code.TOO_MANY_TRIES, Code.ERASURE_REQUESTED),
    )
    async def erasure_request(
        self, info: Info, input: Input[inputs.ErasureRequestInput]
    ) -> payloads.ErasureRequestPayload:
        """Withdraw the consent to the processing of your data («отозвать согласие»), and leave.

        In two weeks the cabinet closes, and everything in it that names you is destroyed; until
        then `erasureWithdraw` takes it back. The contract for energy goes on without a cabinet.
        """
        ctx = info.context
        confirmation = PasswordConfirmation(ctx.viewer, input.password, ctx.client, ctx.now)
        await erasure.request(
            confirmation, company=ctx.company, passwords=ctx.ports.passwords, links=ctx.ports.signer
        )
        return payloads.ErasureRequestPayload()

    @mutation(access=Access.CUSTOMER, codes=(Code.CONSENT_OUTDATED, Code.ERASURE_NOT_FOUND))
    async def erasure_withdraw(
        self, info: Info, input: Input[inputs.ErasureWithdrawInput]
    ) -> payloads.ErasureWithdrawPayload:
        """Take `erasureRequest` back, and agree once more («дать согласие снова»)."""
        ctx = info.context
        await erasure.withdraw_request(
            ctx.viewer, input.personal_data_version, client=ctx.client, now=ctx.now
        )
        return payloads.ErasureWithdrawPayload()
