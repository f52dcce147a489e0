import wave
from base64 import b64decode
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lk_graphql.kit.languages import Language
from lk_graphql.ports.captcha import (
    FixedCaptchas,
    GeneratedCaptchas,
    new_audio_code,
    new_picture_code,
    normalize,
)
from lk_graphql.ports.captcha.audio import recording
from lk_graphql.ports.captcha.picture import picture

_RATE = 11025


def _bytes_of(uri: str, kind: str) -> bytes:
    head, _, body = uri.partition(",")
    assert head == f"data:{kind};base64"
    return b64decode(body, validate=True)


def test_a_picture_s_code_has_no_confusable_characters():
    codes = [new_picture_code() for _ in range(500)]

    assert not set("".join(codes)) & set("0O1IL2Z5S7QDGVB8")
    assert all(len(code) == 5 for code in codes)
    assert all(any(c.isalpha() for c in code) and any(map(str.isdecimal, code)) for code in codes)
    assert len(set(codes)) > 490


def test_a_recording_s_code_is_digits():
    assert all(len(code) == 6 and code.isdecimal() for code in (new_audio_code() for _ in "ab"))


@pytest.mark.parametrize("typed", ["HEK34", " hek34", "h e k 3 4", "НЕК34", "нек34", "Нek34"])
def test_case_spaces_and_the_keyboard_make_no_difference(typed: str):
    assert normalize(typed) == "HEK34"


@given(st.text(max_size=20))
def test_folding_twice_is_folding_once(typed: str):
    assert normalize(normalize(typed)) == normalize(typed)


def test_a_picture_is_a_small_png_with_dark_ink_on_light_paper():
    image = Image.open(BytesIO(_bytes_of(picture("KEPT4"), "image/png")))

    assert (image.format, image.size) == ("PNG", (480, 160))
    grey = image.convert("L")
    darkest, lightest = grey.getextrema()
    assert isinstance(darkest, int | float)
    assert darkest < 90
    assert isinstance(lightest, int | float)
    assert lightest > 235
    inked = sum(count for shade, count in enumerate(grey.histogram()) if shade < 128)
    assert 0.05 < inked / (480 * 160) < 0.4


def test_the_same_code_never_makes_the_same_picture_or_sound():
    assert len({picture("KEPT4") for _ in range(5)}) == 5
    assert len({recording("123456", Language.RU) for _ in range(5)}) == 5


@pytest.mark.parametrize("language", [*Language])
def test_a_recording_has_six_audible_digits_and_ends(language: Language):
    for code in ("123456", "000000", "777777", "999999"):
        uri = recording(code, language)
        with wave.open(BytesIO(_bytes_of(uri, "audio/wav"))) as sound:
            frames = sound.readframes(-1)
            assert (sound.getnchannels(), sound.getsampwidth()) == (1, 1)
            assert sound.getframerate() == _RATE

        assert len(uri) <= 150_000
        assert 4 <= len(frames) / _RATE <= 10
        assert _utterances(frames) == 6


def _utterances(frames: bytes) -> int:
    """The number of times that a voice begins after a third of a second of silence."""
    window, count, silent_for = _RATE // 50, 0, _RATE
    for at in range(0, len(frames), window):
        samples = frames[at : at + window]
        is_voice = sum(abs(sample - 128) for sample in samples) / len(samples) > 12
        if is_voice and silent_for > _RATE // 3:
            count += 1
        silent_for = 0 if is_voice else silent_for + window
    return count


async def test_a_challenge_has_both_and_hides_its_codes():
    challenge = await GeneratedCaptchas().challenge(Language.RU)

    assert _bytes_of(challenge.picture, "image/png").startswith(b"\x89PNG")
    assert _bytes_of(challenge.audio, "audio/wav").startswith(b"RIFF")
    assert challenge.picture_code not in repr(challenge)
    assert challenge.audio_code not in repr(challenge)


async def test_fixed_captchas_have_constant_codes():
    challenge = await FixedCaptchas().challenge(Language.EN)

    assert normalize(challenge.picture_code) == FixedCaptchas.PICTURE_CODE
    assert normalize(challenge.audio_code) == FixedCaptchas.AUDIO_CODE
