"""SMS with codes, and forgetting those that nobody typed."""

from datetime import timedelta
from uuid import UUID

from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.ports.jobs import Retries, World, job
from lk_graphql.profile.models import PhoneProof
from lk_graphql.profile.service import erasing, phone_proofs

_TEXT = {
    Language.RU: "{code} — код для кабинета «{company}». Никому его не сообщайте.",
    Language.EN: "{code} is your code for the cabinet of {company}. Tell it to nobody.",
}


@job("profile.text_code", retries=Retries(attempts=4))
async def text_code(world: World, *, proof_id: UUID) -> None:
    """Nothing is sent when the code is too old."""
    proof = await PhoneProof.get_or_none(id=proof_id).select_related("user")
    if proof is None or world.ports.sms is None or proof.expires_at <= world.now:
        return
    code = world.ports.links.code(phone_proofs.PURPOSE, proof.id, proof.nonce)
    text = _TEXT[proof.user.preferred_language].format(code=code, company=world.company.name)
    # whether an earlier attempt has reached the gateway nobody knows: so it is asked
    await world.ports.sms.send(text, Phone(proof.phone), key=proof.id, is_repeat=True)


@job("profile.sweep", cron="37 * * * *")
async def sweep(world: World) -> None:
    await phone_proofs.sweep(now=world.now)


@job("profile.erase", cron="23 * * * *", time_limit=timedelta(hours=1))
async def erase(world: World) -> None:
    """Whose time has come; see `service.erasing`."""
    await erasing.erase_due(passwords=world.ports.passwords, now=world.now)
