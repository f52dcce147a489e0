"""Captchas: a picture and a recording, five minutes, three mistakes, one use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection

from lk_graphql.identity.errors import CaptchaExpired, CaptchaWrong
from lk_graphql.identity.models import Captcha
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.tokens import Links

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
    connection: Any = get_connection("default")
    tried = await connection.execute_query_dict(_TRY, [answer.id, code, now, MISTAKES])
    if not tried or tried[0]["failures"] >= MISTAKES:
        raise CaptchaExpired
    if not tried[0]["is_right"]:
        raise CaptchaWrong


async def use(answer: CaptchaAnswer, *, now: datetime) -> None:
    """Use a checked captcha up. Raises `CaptchaExpired` when another request was faster."""
    if not await Captcha.filter(id=answer.id, used_at__isnull=True).update(used_at=now):
        raise CaptchaExpired("captcha")


def _fingerprint(key: UUID | None, code: str, links: Links) -> bytes:
    """Of a code as people type it: spaces and case don't count."""
    bare = "".join(code.split()).upper()
    return bytes.fromhex(links.fingerprint("captcha", f"{key}:{bare}"))


async def remember(picture: str, audio: str, *, links: Links, now: datetime) -> Captcha:
    """Keep a challenge with these two codes."""
    key = new_key()
    return await Captcha.create(
        id=key,
        picture_hash=_fingerprint(key, picture, links),
        audio_hash=_fingerprint(key, audio, links),
        created_at=now,
        expires_at=now + LASTS,
    )
