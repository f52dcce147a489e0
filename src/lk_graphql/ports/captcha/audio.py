"""The recording of a captcha: spoken digits over a background of reversed digits."""

import wave
from base64 import b64encode
from functools import cache
from io import BytesIO
from pathlib import Path
from secrets import SystemRandom, token_bytes

from lk_graphql.kit.languages import Language

VOICES = Path(__file__).parent / "voices"
"""Recordings of the ten digits in slots of equal length, made by `.ci/record_voices.py`."""
RATE = 11025
SLOT_SECONDS = 0.8

_SILENCE = b"\x80"
_LEAD = RATE // 2
_random = SystemRandom()


def _table(loudness: float, middle: int) -> bytes:
    """A translation table for 8-bit samples: a factor, and another middle."""
    return bytes(round(middle + (sample - 128) * loudness) for sample in range(256))


# The middles add up to 128 and the peaks to less than 128, so that three recordings can be added
# as three long integers without overflow between bytes.
_VOICE, _MURMUR, _HISS = _table(0.8, 107), _table(0.11, 16), _table(0.04, 5)


def recording(code: str, language: Language) -> str:
    """A WAV as a data URI: seven seconds, at most 150 KB. Takes milliseconds."""
    digits = _random.choice(_voices(language))
    voice = bytearray(_SILENCE * _LEAD)
    for digit in code:
        voice += _speed_up(digits[int(digit)])
        voice += _SILENCE * int(RATE * _random.uniform(0.4, 0.6))
    return f"data:audio/wav;base64,{b64encode(_wav(_over_murmur(bytes(voice)))).decode()}"


@cache
def _voices(language: Language) -> list[list[bytes]]:
    """The ten digits of each voice, without the silence after them."""
    return [_digits(file.read_bytes()) for file in sorted(VOICES.glob(f"{language.code}*.wav"))]


def _digits(file: bytes) -> list[bytes]:
    with wave.open(BytesIO(file)) as recording:
        frames = recording.readframes(-1)
    slot = int(SLOT_SECONDS * RATE)
    return [frames[at : at + slot].rstrip(_SILENCE) for at in range(0, 10 * slot, slot)]


def _speed_up(samples: bytes) -> bytearray:
    """Drop every n-th sample, with a random n from 9 to 39: faster and higher."""
    faster = bytearray(samples)
    del faster[:: _random.randrange(9, 40)]
    return faster


def _over_murmur(voice: bytes) -> bytes:
    murmur = bytearray()
    while len(murmur) < len(voice):
        murmur += _random.choice(_voices(_random.choice([*Language])))[_random.randrange(10)][::-1]
    layers = (
        voice.translate(_VOICE),
        murmur[: len(voice)].translate(_MURMUR),
        token_bytes(len(voice)).translate(_HISS),
    )
    return sum(map(int.from_bytes, layers)).to_bytes(len(voice))


def _wav(frames: bytes) -> bytes:
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 1, RATE, 0, "NONE", ""))
        file.writeframes(frames)
    return out.getvalue()
