"""Records the voices of the captchas: `.venv/bin/python .ci/record_voices.py`.

Needs `espeakng-loader`, which isn't a dependency (docs/decisions/0033 says why). Each file has the
ten digits, 0 to 9, in slots of equal length.
"""

import ctypes
import wave
from array import array
from pathlib import Path
from typing import Any

import espeakng_loader

from lk_graphql.ports.captcha.audio import RATE, SLOT_SECONDS, VOICES

_DIGITS = {
    "ru": "ноль один два три четыре пять шесть семь восемь девять",
    "en": "zero one two three four five six seven eight nine",
}
_SPEAKERS = {"1": "m3", "2": "f2"}  # eSpeak's variants: a man, a woman
_WORDS_PER_MINUTE = 105
_SPEED, _RETRIEVE, _UTF8 = 1, 1, 1  # espeakRATE, AUDIO_OUTPUT_RETRIEVAL, espeakCHARS_UTF8
_QUIET = 300  # of 32,767: where speech begins and ends

_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def main() -> None:
    speaker = _SpeechSynthesizer(
        espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    )
    for language, digits in _DIGITS.items():
        for number, variant in _SPEAKERS.items():
            spoken = [
                speaker.synthesize(digit, f"{language}+{variant}") for digit in digits.split()
            ]
            _write(VOICES / f"{language}{number}.wav", spoken)


class _SpeechSynthesizer:
    """eSpeak NG by ctypes, with 22,050 samples a second, halved to `RATE`."""

    def __init__(self, library: str, data: str) -> None:
        self._espeak = ctypes.CDLL(library)
        self._samples = array("h")
        self._callback = _CALLBACK(self._collect)  # C holds only its address
        rate = self._espeak.espeak_Initialize(_RETRIEVE, 0, data.encode(), 0)
        if rate != 2 * RATE:
            raise RuntimeError(f"eSpeak has {rate} samples a second instead of {2 * RATE}")
        self._espeak.espeak_SetSynthCallback(self._callback)

    def synthesize(self, word: str, voice: str) -> "array[int]":
        self._samples = array("h")
        text = word.encode()
        self._espeak.espeak_SetVoiceByName(voice.encode())
        self._espeak.espeak_SetParameter(_SPEED, _WORDS_PER_MINUTE, 0)
        self._espeak.espeak_Synth(text, len(text) + 1, 0, 1, 0, _UTF8, None, None)
        self._espeak.espeak_Synchronize()
        return _trimmed(_halved(self._samples))

    def _collect(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count:
            self._samples.extend(samples[:count])
        return 0


def _halved(samples: "array[int]") -> "array[int]":
    """Halve the rate; each sample is the mean of two, against aliasing."""
    pairs = zip(samples[::2], samples[1::2], strict=False)
    return array("h", [(first + second) // 2 for first, second in pairs])


def _trimmed(samples: "array[int]") -> "array[int]":
    loud = [i for i, sample in enumerate(samples) if abs(sample) > _QUIET]
    return samples[max(loud[0] - 200, 0) : loud[-1] + 400]


def _write(file: Path, spoken: "list[array[int]]") -> None:
    """Write 8-bit samples, each digit normalized to full volume."""
    slot = int(SLOT_SECONDS * RATE)
    frames = bytearray()
    for samples in spoken:
        loudest = max(map(abs, samples))
        frames += bytes(128 + sample * 120 // loudest for sample in samples[:slot])
        frames += b"\x80" * (slot - len(samples))
    with wave.open(str(file), "wb") as recording:
        recording.setparams((1, 1, RATE, 0, "NONE", ""))
        recording.writeframes(frames)


if __name__ == "__main__":
    main()
