"""Recognition of a Russian text's encoding by evidence from all of its lines.

UTF-8 has a structure that text in other encodings has only by chance. So even a damaged line can be
recognised as UTF-8, because nearly all its letters are well-formed. Code pages have no structure;
they are distinguished by the frequency of letters and the order of capital and small letters.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from math import log

UTF_8, WINDOWS_1251 = "utf-8", "cp1251"
NAMES = {
    UTF_8: "UTF-8",
    WINDOWS_1251: "Windows-1251",
    "cp866": "CP866 (DOS)",
    "koi8_r": "KOI8-R",
    "mac_cyrillic": "MacCyrillic",
    "iso8859_5": "ISO 8859-5",
}
"""The encodings' names in messages, by Python's names."""
_PRIORS = {"cp1251": 0.0, "cp866": -2.0, "koi8_r": -3.0, "mac_cyrillic": -5.0, "iso8859_5": -6.0}
"""Logarithms of the prior probabilities of code pages in files of billing systems."""
_PER_MILLE: dict[str, float] = {
    letter: frequency
    for frequency, letters in (
        (110, "о"), (85, "е"), (80, "а"), (74, "и"), (65, "нт"), (55, "с"), (46, "рвл"), (35, "к"),
        (30, "мдп"), (26, "у"), (18, "яыьгзб"), (12, "чй"), (9, "хж"), (6, "шюц"), (3, "щэфё"),
        (0.4, "ъ"),
    )
    for letter in letters
}  # fmt: skip
_MARKS = "№«»–—’“”„…°²³\u00a0\u2009\u202f\u2212\u200b\u20bd\ufeff"
_MARK, _OTHER = log(0.002), log(0.00001)
_RUSSIAN = re.compile("[\u0400-\u04ff\u00a0-\u00bf\u2010-\u2027\u202f\u20bd\u2116]")
_ASCII = bytes(range(128))
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# Windows-1251 has capital letters in the first range, and KOI8-R has small letters there.
_CAPITAL_FIRST = re.compile(rb"(?<![\xc0-\xff])[\xc0-\xdf][\xe0-\xff]")
_SMALL_FIRST = re.compile(rb"(?<![\xc0-\xff])[\xe0-\xff][\xc0-\xdf]")
_CAPITALIZED_WORD, _INVERTED_WORD = re.compile(r"\b[А-ЯЁ][а-яё]"), re.compile(r"\b[а-яё][А-ЯЁ]{2}")
_WORD_WEIGHT = 3.0
_CLEAR_LETTERS = 3  # fewer letters of a line or file are no evidence of its encoding
_CLEAR_ODDS = 3.0  # logarithm of the likelihood ratio of the best code page to the next
_SAMPLE = 15  # enough letters to recognise a misread text
_LEAST_LIKELIHOOD = -5.0  # mean of a text's letters: about -3 for Russian, about -7 for noise


class UnknownEncoding(ValueError):
    """The encoding is unknown, mixed or unsupported; the message is the reason."""


@dataclass
class EncodingEvidence:
    """Counts over the lines of a text, in constant memory."""

    unicode_lines: int = 0
    """Lines whose letters are UTF-8, with or without damage."""
    other_lines: int = 0
    valid: int = 0
    """Letters and marks of Russian texts, if the text is UTF-8."""
    invalid: int = 0
    """Byte sequences that aren't UTF-8."""
    histogram: Counter[int] = field(default_factory=Counter[int])
    """Bytes beyond ASCII."""
    capitalized: int = 0
    """Words with a capital first letter and a small second one, if the text is Windows-1251."""
    inverted: int = 0

    def add(self, line: bytes) -> None:
        """Count a line, or a part of a very long one."""
        if line.isascii():
            return
        text = line.decode("utf-8", "replace")
        invalid = text.count(_REPLACEMENT) - line.count(_REPLACEMENT.encode())
        valid = len(_RUSSIAN.findall(text))
        self.valid += valid
        self.invalid += invalid
        self.unicode_lines += valid >= _CLEAR_LETTERS and valid > invalid
        self.other_lines += invalid >= _CLEAR_LETTERS and invalid > valid
        self.histogram.update(line.translate(None, _ASCII))
        self.capitalized += len(_CAPITAL_FIRST.findall(line))
        self.inverted += len(_SMALL_FIRST.findall(line))

    def encoding(self) -> str:
        """Python's name of UTF-8 or a code page. Raises `UnknownEncoding`."""
        if self.unicode_lines and self.other_lines:
            raise UnknownEncoding(
                f"{self.unicode_lines} lines are in UTF-8 and {self.other_lines} in another"
                " encoding"
            )
        is_unicode = self.invalid < self.valid or self.invalid < _CLEAR_LETTERS
        if self.unicode_lines or (is_unicode and not self.other_lines):
            return UTF_8
        return self._code_page()

    def _code_page(self) -> str:
        scores = {name: self._likelihood(name) for name in _PRIORS}
        best, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
        is_clear = scores[best] - scores[second] >= _CLEAR_ODDS
        if not is_clear or scores[best] < _LEAST_LIKELIHOOD * self.histogram.total():
            raise UnknownEncoding("its letters don't form Russian text in any known encoding")
        return best

    def _likelihood(self, name: str) -> float:
        letters = sum(count * _LIKELIHOODS[name][byte] for byte, count in self.histogram.items())
        words = {"cp1251": self.capitalized, "koi8_r": self.inverted}.get(name, 0)
        return letters + _PRIORS[name] + _WORD_WEIGHT * words


def _character_likelihood(character: str) -> float:
    frequency = _PER_MILLE.get(character.lower())
    if frequency is not None:
        return log(frequency / 1000)
    return _MARK if character in _MARKS else _OTHER


def is_misread(text: str) -> bool:
    """Whether an earlier program has read this text in a wrong encoding and saved the result.

    In such a text, the letters aren't plausible Russian, or capital letters follow small ones.
    """
    letters = [letter for letter in text if letter > "\x7f" and letter not in _MARKS]
    likelihood = sum(map(_character_likelihood, letters))
    inverted = len(_INVERTED_WORD.findall(text)) - len(_CAPITALIZED_WORD.findall(text))
    is_foreign = len(letters) >= _SAMPLE and likelihood < _LEAST_LIKELIHOOD * len(letters)
    return is_foreign or inverted >= _SAMPLE


_MISREAD_WORD = re.compile(
    # UTF-8 that was read as Windows-1251, and as Latin-1; Windows-1251 that was read as Latin-1
    f"(?:[РС][{bytes({*range(0x80, 0xC0)} - {0x98}).decode('cp1251')}]){{3}}"
    "|(?:[ÐÑ][\x80-\xbf\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u20ac\u2122]){3}"
    "|[\xc0-\xd6\xd8-\xf6\xf8-\xff]{4}"
)


def has_misread_word(text: str) -> bool:
    """Whether a text has a Russian word that an earlier program has read in a wrong encoding."""
    return bool(_MISREAD_WORD.search(text))


_LIKELIHOODS = {
    name: [_character_likelihood(bytes([byte]).decode(name, "replace")) for byte in range(256)]
    for name in _PRIORS
}
