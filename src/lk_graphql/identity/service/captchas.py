"""Captchas: a picture and a recording, five minutes, three mistakes, one use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.database import raw_sql
from lk_graphql.guards import rate_limits
from lk_graphql.identity.errors import CaptchaExpired, CaptchaWrong
from lk_graphql.identity.models import Captcha
from lk_graphql.identity.service import limits
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.captcha import Captchas, Challenge, as_typed

LASTS = timedelta(minutes=5)
MISTAKES = 3


@dataclass(frozen=True)
class CaptchaAnswer:
    """What was typed, and for which captcha; None for an id that can't be one."""

    id: UUID | None
    code: str


_TRY = """
UPDATE captcha
SET failures = failures + CASE WHEN $2 IN (picture_hash, audio_hash) THEN 0 ELSE 1 END
WHERE id = $1 AND used_at IS NULL AND expires_at > $3 AND failures < $4
RETURNING failures, $2 IN (picture_hash, audio_hash) AS is_right
"""
# One statement looks and counts: tries at the same moment are as many tries.


async def check(answer: CaptchaAnswer, *, links: Links, now: datetime) -> None:
    """Whether the answer is right; a right one stays good for `use`.

    Raises `CaptchaWrong`, which counts, or `CaptchaExpired`.
    """
    code = _fingerprint(answer.id, answer.code, links)
    tried = await raw_sql.fetch(_TRY, answer.id, code, now, MISTAKES)
    if not tried or tried[0]["failures"] >= MISTAKES:
        raise CaptchaExpired
    if not tried[0]["is_right"]:
        raise CaptchaWrong


async def use(answer: CaptchaAnswer, *, now: datetime) -> None:
    """Use a checked captcha up. Raises `CaptchaExpired` when another request was faster."""
    if not await Captcha.filter(id=answer.id, used_at__isnull=True).update(used_at=now):
        raise CaptchaExpired("captcha")


@dataclass(frozen=True)
class Shown:
    """A new captcha, with what is shown and played of it."""

    id: UUID
    challenge: Challenge
    expires_at: datetime


async def create(*, drawing: Captchas, client: Client, links: Links, now: datetime) -> Shown:
    """A new challenge; of its codes only fingerprints are kept. Raises `TooManyTries`."""
    from_where = rate_limits.network(client.address)
    await rate_limits.spend(limits.CAPTCHA_FROM_CLIENT, from_where, links=links, now=now)
    challenge = await drawing.challenge(client.language)
    kept = await keep(challenge.picture_code, challenge.audio_code, links=links, now=now)
    return Shown(kept.id, challenge, kept.expires_at)


async def keep(picture_code: str, audio_code: str, *, links: Links, now: datetime) -> Captcha:
    """Keep the fingerprints of these two codes."""
    key = new_key()
    return await Captcha.create(
        id=key,
        picture_hash=_fingerprint(key, picture_code, links),
        audio_hash=_fingerprint(key, audio_code, links),
        created_at=now,
        expires_at=now + LASTS,
    )


def _fingerprint(key: UUID | None, code: str, links: Links) -> bytes:
    return bytes.fromhex(links.fingerprint("captcha", f"{key}:{as_typed(code)}"))
