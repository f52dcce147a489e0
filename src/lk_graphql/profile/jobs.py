"""SMS with codes, archives of what is known of people, and forgetting."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.identity.models import User
from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.jobs import JobContext, Retries, job
from lk_graphql.ports.mail import compose
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState, PhoneProof
from lk_graphql.profile.service import erasure, exports, phone_proofs

_TEXT = {
    Language.RU: "{code} — код для кабинета «{company}». Никому его не сообщайте.",
    Language.EN: "{code} is your code for the cabinet of {company}. Tell it to nobody.",
}


@job("profile.text_code", retries=Retries(attempts=4))
async def text_code(world: JobContext, *, proof_id: UUID) -> None:
    """Nothing is sent when the code is too old."""
    proof = await PhoneProof.get_or_none(id=proof_id).select_related("user")
    if proof is None or world.ports.sms is None or proof.expires_at <= world.now:
        return
    code = world.ports.signer.sign_code(phone_proofs.PURPOSE, proof.id, proof.nonce)
    text = _TEXT[proof.user.preferred_language].format(code=code, company=world.company.name)
    # whether an earlier attempt has reached the gateway nobody knows: so it is asked
    await world.ports.sms.send(text, Phone(proof.phone), key=proof.id, is_repeat=True)


@job("profile.make_export", retries=Retries(attempts=8), time_limit=timedelta(hours=1))
async def make_export(world: JobContext, *, export_id: UUID) -> None:
    await exports.build(export_id, world)


@job("profile.mail_export")
async def mail_export(world: JobContext, *, export_id: UUID) -> None:
    """Tell the person: they have asked for it, or somebody who knows their password has."""
    ready = PersonalDataExport.filter(id=export_id, state=PersonalDataExportState.READY)
    export = await ready.select_related("user").first()
    if export is None:
        return
    user: User = export.user
    until = export.expires_at.astimezone(world.company.zone)
    mail = compose(
        "lk_graphql.profile",
        "export_ready",
        user.preferred_language,
        company=world.company,
        name=" ".join(filter(None, (user.first_name, user.patronymic))),
        until=f"{until:%d.%m.%Y %H:%M}",
    )
    await world.ports.mail.send(mail, Email(user.email_key))


@job("profile.sweep", cron="37 * * * *")
async def sweep(world: JobContext) -> None:
    """Forget codes that nobody typed and archives whose time is over."""
    await phone_proofs.sweep(now=world.now)
    await exports.expire_old(world.ports.files, now=world.now)


@job("profile.erase", cron="23 * * * *", time_limit=timedelta(hours=1))
async def erase(world: JobContext) -> None:
    """Whose time has come; see `service.erasing`."""
    await erasure.erase_due(passwords=world.ports.passwords, now=world.now)
