"""Background jobs of profiles: SMS codes, personal data exports, cleanup and erasure."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit.cabinet_pages import CabinetPath, cabinet_link
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.jobs import JobContext, Retries, job
from lk_graphql.profile.models import (
    ErasureRequest,
    ErasureState,
    PersonalDataExport,
    PersonalDataExportState,
    PhoneProof,
)
from lk_graphql.profile.service import consent_withdrawal, exports, phone_proofs

_TEXT = {
    Language.RU: "{code} — код для кабинета «{company}». Никому его не сообщайте.",
    Language.EN: "{code} is your code for the cabinet of {company}. Tell it to nobody.",
}


@job("profile.text_code", retries=Retries(attempts=4))
async def text_code(context: JobContext, *, proof_id: UUID) -> None:
    """Send the code by SMS, unless it has expired."""
    proof = await PhoneProof.get_or_none(id=proof_id).select_related("user")
    if proof is None or context.ports.sms is None or proof.expires_at <= context.now:
        return
    code = context.ports.signer.sign_code(phone_proofs.PURPOSE, proof.id, proof.nonce)
    text = _TEXT[proof.user.preferred_language].format(code=code, company=context.company.name)
    # an earlier attempt may have reached the gateway; a repeat is not sent twice under one key
    await context.ports.sms.send(text, Phone(proof.phone), key=proof.id, is_repeat=True)


@job("profile.make_export", retries=Retries(attempts=8), time_limit=timedelta(hours=1))
async def make_export(context: JobContext, *, export_id: UUID) -> None:
    await exports.build(export_id, context)


@job("profile.mail_export")
async def mail_export(context: JobContext, *, export_id: UUID) -> None:
    """Notify the customer that the export is ready; this also reveals a request by others."""
    ready = PersonalDataExport.filter(id=export_id, state=PersonalDataExportState.READY)
    export = await ready.select_related("user").first()
    if export is None:
        return
    until = export.expires_at.astimezone(context.company.zone)
    await mail_user(
        context,
        export.user,
        "lk_graphql.profile",
        "export_ready",
        until=f"{until:%d.%m.%Y %H:%M}",
        url=cabinet_link(context.company, CabinetPath.PERSONAL_DATA),
    )


@job("profile.mail_erasure_requested")
async def mail_erasure_requested(context: JobContext, *, request_id: UUID) -> None:
    """Notify the customer of an erasure, which somebody with their session may have requested."""
    waiting = ErasureRequest.filter(id=request_id, state=ErasureState.WAITING)
    request = await waiting.select_related("user").first()
    if request is None:
        return
    await mail_user(
        context,
        request.user,
        "lk_graphql.profile",
        "erasure_requested",
        day=f"{request.starts_at.astimezone(context.company.zone):%d.%m.%Y}",
        url=cabinet_link(context.company, CabinetPath.PERSONAL_DATA),
    )


@job("profile.sweep", cron="37 * * * *")
async def delete_expired(context: JobContext) -> None:
    """Delete unused codes and expired archives."""
    await phone_proofs.delete_expired(now=context.now)
    await exports.expire_old(context.ports.files, now=context.now)


@job("profile.erase", cron="23 * * * *", time_limit=timedelta(hours=1))
async def erase(context: JobContext) -> None:
    """Destroy the data of all due erasure requests, and repeat the mails of the next ones."""
    await consent_withdrawal.remind_due(now=context.now)
    await consent_withdrawal.erase_due(passwords=context.ports.passwords, now=context.now)
