"""Encodings are recognised by the evidence of all lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.text_encoding import EncodingEvidence, UnknownEncoding

SAMPLES = [
    text
    for path in sorted((Path(__file__).parents[2] / "examples" / "import").glob("*.csv"))
    if len(text := path.read_text()) - len(text.encode()) < -40
]
NAMES = "Иванова Пелагея\nЁлкин П.\nул. Кирова, д. 1\nООО «Ромашка», № 7 — склад\n"
CODE_PAGES = ["cp1251", "cp866", "koi8_r"]


def evidence(content: bytes) -> EncodingEvidence:
    found = EncodingEvidence()
    for line in content.splitlines(keepends=True):
        found.add(line)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", *CODE_PAGES, "mac_cyrillic", "iso8859_5"])
@pytest.mark.parametrize("text", [*SAMPLES, NAMES])
def test_an_encoding_is_recognised_by_its_letters(text: str, encoding: str):
    assert evidence(text.encode(encoding, "replace")).encoding() == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8_r", "iso8859_5"])
def test_capitals_are_recognised_too(encoding: str):
    """In CP866 and MacCyrillic they are the same bytes; neither is read."""
    assert evidence(NAMES.upper().encode(encoding, "replace")).encoding() == encoding


@given(st.text("оеаинтсрвлОЕАИНТСРВЛ\n ;1", min_size=1), st.sampled_from(CODE_PAGES))
def test_a_code_page_is_never_recognised_as_another(text: str, encoding: str):
    """Letters that are usual; without enough of them the text is refused or bad as UTF-8."""
    try:
        recognised = evidence((NAMES + text).encode(encoding, "replace")).encoding()
    except UnknownEncoding:
        return
    assert recognised == encoding


@pytest.mark.parametrize("encoding", CODE_PAGES)
def test_a_file_in_two_encodings_is_refused(encoding: str):
    lines = NAMES.splitlines(keepends=True)
    content = lines[0].encode(encoding) + "".join(lines[1:]).encode()

    with pytest.raises(UnknownEncoding, match="3 lines are in UTF-8 and 1 in another encoding"):
        evidence(content).encoding()


def test_noise_is_no_text():
    with pytest.raises(UnknownEncoding, match="form Russian text"):
        evidence(bytes(range(128, 256)) * 4).encoding()


def test_too_few_letters_for_a_code_page_are_damage():
    """Bad rows are safe; a guess isn't."""
    assert evidence("Э-1;5\n".encode("cp1251")).encoding() == "utf-8"
