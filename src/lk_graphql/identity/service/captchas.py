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
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.captcha import Captchas, Challenge, normalize

LIFETIME = timedelta(minutes=5)
MAX_FAILURES = 3


@dataclass(frozen=True)
class CaptchaAnswer:
    """What was typed, and for which captcha; None for an id that can't be one."""

    id: UUID | None
    code: str


_CHECK = """
UPDATE captcha
SET failures = failures + CASE WHEN $2 IN (picture_hash, audio_hash) THEN 0 ELSE 1 END
WHERE id = $1 AND used_at IS NULL AND expires_at > $3 AND failures < $4
RETURNING failures, $2 IN (picture_hash, audio_hash) AS is_right
"""
# One statement looks and counts: tries at the same moment are as many tries.


async def check(answer: CaptchaAnswer, *, links: Signer, now: datetime) -> None:
    """Whether the answer is right; a right one stays good for `use`.

    Raises `CaptchaWrong`, which counts, or `CaptchaExpired`.
    """
    code = _fingerprint(answer.id, answer.code, links)
    tried = await raw_sql.fetch(_CHECK, answer.id, code, now, MAX_FAILURES)
    if not tried or tried[0]["failures"] >= MAX_FAILURES:
        raise CaptchaExpired
    if not tried[0]["is_right"]:
        raise CaptchaWrong


async def use(answer: CaptchaAnswer, *, now: datetime) -> None:
    """Use a checked captcha up. Raises `CaptchaExpired` when another request was faster."""
    if not await Captcha.filter(id=answer.id, used_at__isnull=True).update(used_at=now):
        raise CaptchaExpired("captcha")


@dataclass(frozen=True)
class IssuedCaptcha:
    """A new captcha, with what is shown and played of it."""

    id: UUID
    challenge: Challenge
    expires_at: datetime


async def create(
    *, drawing: Captchas, client: Client, links: Signer, now: datetime
) -> IssuedCaptcha:
    """A new challenge; of its codes only fingerprints are kept. Raises `TooManyTries`."""
    from_where = rate_limits.client_network(client.address)
    await rate_limits.count_attempt(limits.CAPTCHA_FROM_CLIENT, from_where, signer=links, now=now)
    challenge = await drawing.challenge(client.language)
    kept = await store(challenge.picture_code, challenge.audio_code, links=links, now=now)
    return IssuedCaptcha(kept.id, challenge, kept.expires_at)


async def store(picture_code: str, audio_code: str, *, links: Signer, now: datetime) -> Captcha:
    """Keep the fingerprints of these two codes."""
    key = new_key()
    return await Captcha.create(
        id=key,
        picture_hash=_fingerprint(key, picture_code, links),
        audio_hash=_fingerprint(key, audio_code, links),
        created_at=now,
        expires_at=now + LIFETIME,
    )


def _fingerprint(key: UUID | None, code: str, links: Signer) -> bytes:
    return bytes.fromhex(links.fingerprint("captcha", f"{key}:{normalize(code)}"))
