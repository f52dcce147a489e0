"""Captcha challenges: their codes, and the protocol of their makers."""

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha.audio import recording
from lk_graphql.ports.captcha.picture import picture

_LETTERS = "ACEFHJKMNPRTUWXY"
_DIGITS = "3469"
"""No 0 and O, 1, 7, I and L, 2 and Z, 5 and S, 8 and B, D and Q, G, V: bent, they look alike."""

_TYPED_IN_CYRILLIC = str.maketrans("АВСЕНКМРТХУ", "ABCEHKMPTXY")


def new_picture_code() -> str:
    """Letters and digits, at least one of each."""
    while True:
        code = "".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(5))
        if not (code.isalpha() or code.isdecimal()):
            return code


def new_audio_code() -> str:
    """Digits only: whoever listens needn't guess whether a letter was Latin."""
    return "".join(secrets.choice("0123456789") for _ in range(6))


def normalize(code: str) -> str:
    """The code in what a person typed: without spaces, in capitals, in Latin.

    A Russian keyboard has most of the letters too, and nobody sees the difference.
    """
    return "".join(code.split()).upper().translate(_TYPED_IN_CYRILLIC)


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


class GeneratedCaptchas:
    """The real ones."""

    async def challenge(self, language: Language) -> Challenge:
        return await asyncio.to_thread(_make, language)


def _make(language: Language) -> Challenge:
    seen, heard = new_picture_code(), new_audio_code()
    return Challenge(picture(seen), recording(heard, language), seen, heard)


class FixedCaptchas:
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
