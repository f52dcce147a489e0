"""Captchas: a picture and a recording, valid for five minutes, three failures and one use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from lk_graphql.database import raw_sql
from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.errors import CaptchaExpired, CaptchaWrong
from lk_graphql.identity.models import Captcha
from lk_graphql.identity.service import limits
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.captcha import Captchas, Challenge, normalize

LIFETIME = timedelta(minutes=5)
MAX_FAILURES = 3


# One statement checks and counts, so that concurrent attempts are all counted.
_CHECK = """
UPDATE captcha
SET failures = failures + CASE WHEN $2::bytea[] && ARRAY[picture_hash, audio_hash] THEN 0 ELSE 1 END
WHERE id = $1 AND used_at IS NULL AND expires_at > $3 AND failures < $4
RETURNING failures, $2::bytea[] && ARRAY[picture_hash, audio_hash] AS is_right
"""


@dataclass(frozen=True)
class CaptchaAnswer:
    """A typed code and the id of its captcha; the id is None if it is malformed."""

    id: UUID | None
    code: str


@dataclass(frozen=True)
class IssuedCaptcha:
    """A new captcha with its picture and its recording."""

    id: UUID
    challenge: Challenge
    expires_at: datetime


async def check(answer: CaptchaAnswer, *, signer: Signer, now: datetime) -> None:
    """Check the answer without using the captcha up.

    Raises `CaptchaWrong`, which counts as a failure, or `CaptchaExpired`.
    """
    valid = _fingerprints(answer.id, answer.code, signer)
    rows = await raw_sql.fetch(_CHECK, answer.id, valid, now, MAX_FAILURES)
    if not rows or rows[0]["failures"] >= MAX_FAILURES:
        raise CaptchaExpired
    if not rows[0]["is_right"]:
        raise CaptchaWrong


async def use(answer: CaptchaAnswer, *, now: datetime) -> None:
    """Use a checked captcha up. Raises `CaptchaExpired` if another request used it first."""
    if not await Captcha.filter(id=answer.id, used_at__isnull=True).update(used_at=now):
        raise CaptchaExpired("captcha")


async def create(
    *, drawing: Captchas, client: Client, signer: Signer, now: datetime
) -> IssuedCaptcha:
    """Create a challenge and store the fingerprints of its codes. Raises `RateLimitExceeded`."""
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(limits.CAPTCHA_FROM_CLIENT, client_network(client.address))
        challenge = await drawing.challenge(client.language)
        captcha = await store(challenge.picture_code, challenge.audio_code, signer=signer, now=now)
    return IssuedCaptcha(captcha.id, challenge, captcha.expires_at)


async def store(picture_code: str, audio_code: str, *, signer: Signer, now: datetime) -> Captcha:
    """Store the fingerprints of two codes."""
    key = new_key()
    return await Captcha.create(
        id=key,
        picture_hash=_fingerprints(key, picture_code, signer)[0],
        audio_hash=_fingerprints(key, audio_code, signer)[0],
        created_at=now,
        expires_at=now + LIFETIME,
    )


def _fingerprints(key: UUID | None, code: str, signer: Signer) -> list[bytes]:
    """The hashes of a code, that of the newest key first."""
    return [*map(bytes.fromhex, signer.fingerprints("captcha", f"{key}:{normalize(code)}"))]
