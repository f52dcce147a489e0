"""Who makes captchas."""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha.code import new_audio_code, new_picture_code
from lk_graphql.ports.captcha.picture import picture
from lk_graphql.ports.captcha.sound import recording


@dataclass(frozen=True)
class Challenge:
    """Either code solves it. Only the data URIs leave the server."""

    picture: str
    """`data:image/png;base64,…`."""
    audio: str
    """`data:audio/wav;base64,…`, at most 150 KB."""
    picture_code: str = field(repr=False)
    audio_code: str = field(repr=False)


class Captchas(Protocol):
    """Makes challenges."""

    async def challenge(self, language: Language) -> Challenge:
        """The recording speaks `language`; the picture is the same in all."""
        ...


class DrawnCaptchas:
    """The real ones."""

    async def challenge(self, language: Language) -> Challenge:
        return await asyncio.to_thread(_make, language)


def _make(language: Language) -> Challenge:
    seen, heard = new_picture_code(), new_audio_code()
    return Challenge(picture(seen), recording(heard, language), seen, heard)


class KnownCaptchas:
    """For tests: the codes are `KEPT7` and `123456`, and there is nothing to see or to hear."""

    PICTURE_CODE = "KEPT7"
    AUDIO_CODE = "123456"

    async def challenge(self, language: Language) -> Challenge:
        return Challenge(
            "data:image/png;base64,",
            f"data:audio/wav;base64,#{language.code}",
            self.PICTURE_CODE,
            self.AUDIO_CODE,
        )
