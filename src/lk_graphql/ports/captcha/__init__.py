"""Captchas as a picture and as a recording, their codes, and the protocol of their generators."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from lk_graphql.kit import pasted_text
from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha.audio import recording
from lk_graphql.ports.captcha.picture import picture

_LETTERS = "ACEFHJKMNPRTUWXY"
_DIGITS = "3469"
"""Without 0 and O, 1, 7, I and L, 2 and Z, 5 and S, 8 and B, D and Q, G, V, which look alike."""

_TYPED_IN_CYRILLIC = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


def new_picture_code() -> str:
    """Letters and digits, at least one of each."""
    while True:
        code = "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(5))
        if not (code.isalpha() or code.isdecimal()):
            return code


def new_audio_code() -> str:
    """Digits only, because spoken letters may be Latin or Cyrillic."""
    return "".join(secrets.choice("0123456789") for _ in range(6))


def normalize(code: str) -> str:
    """The code in typed text: without spaces, in capitals, with Cyrillic lookalikes as Latin."""
    return pasted_text.code(code).upper().translate(_TYPED_IN_CYRILLIC)


@dataclass(frozen=True)
class Challenge:
    """A challenge, solved by either code. Only the data URIs leave the server."""

    picture: str
    """`data:image/png;base64,…`."""
    audio: str
    """`data:audio/wav;base64,…`, at most 150 KB."""
    picture_code: str = field(repr=False)
    audio_code: str = field(repr=False)


class Captchas(Protocol):
    """Generates challenges."""

    async def challenge(self, language: Language) -> Challenge:
        """A new challenge, with the recording in `language`."""
        ...


class GeneratedCaptchas:
    """Challenges with random codes, generated in a thread."""

    async def challenge(self, language: Language) -> Challenge:
        return await asyncio.to_thread(_generate, language)


def _generate(language: Language) -> Challenge:
    picture_code, audio_code = new_picture_code(), new_audio_code()
    return Challenge(
        picture(picture_code), recording(audio_code, language), picture_code, audio_code
    )


class FixedCaptchas:
    """Challenges of tests, with the codes `KEPT7` and `123456` and no content."""

    PICTURE_CODE = "KEPT7"
    AUDIO_CODE = "123456"

    async def challenge(self, language: Language) -> Challenge:
        return Challenge(
            "data:image/png;base64,",
            f"data:audio/wav;base64,#{language.code}",
            self.PICTURE_CODE,
            self.AUDIO_CODE,
        )
